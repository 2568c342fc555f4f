@NullMarked
package io.slotkeeper.livesettings;

import org.jspecify.annotations.NullMarked;
