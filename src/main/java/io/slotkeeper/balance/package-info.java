/** Which slots belong to which shard in the end, and which therefore move. Pure arithmetic. */
@NullMarked
package io.slotkeeper.balance;

import org.jspecify.annotations.NullMarked;
