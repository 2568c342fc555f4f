/** One pass over one Redis: resolves what is wanted, runs the stages, and reports the result. */
@NullMarked
package io.slotkeeper.reconcile;

import org.jspecify.annotations.NullMarked;
