/** The operator's own settings, from its environment. */
@NullMarked
package io.slotkeeper.settings;

import org.jspecify.annotations.NullMarked;
