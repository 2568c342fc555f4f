/** The operator's own settings, from its environment. */
@NullMarked
package io.slotkeeper.operatorsettings;

import org.jspecify.annotations.NullMarked;
