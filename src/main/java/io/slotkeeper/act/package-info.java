/**
 * Acting: runs what was planned, and looks again right before whatever could do harm. A plan is
 * made from a view that is milliseconds old; addresses and roles may have changed hands since.
 */
@NullMarked
package io.slotkeeper.act;

import org.jspecify.annotations.NullMarked;
