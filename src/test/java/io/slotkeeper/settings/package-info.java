@NullMarked
package io.slotkeeper.settings;

import org.jspecify.annotations.NullMarked;
