/**
 * Looking: what is there, as immutable records, with what could not be seen marked as unknown.
 * Nothing here changes anything.
 */
@NullMarked
package io.slotkeeper.observe;

import org.jspecify.annotations.NullMarked;
