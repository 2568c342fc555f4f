@NullMarked
package io.slotkeeper.operatorsettings;

import org.jspecify.annotations.NullMarked;
