/** Wiring: the process, its settings, and the loop that looks, thinks, acts and tells. */
@NullMarked
package io.slotkeeper.operator;

import org.jspecify.annotations.NullMarked;
