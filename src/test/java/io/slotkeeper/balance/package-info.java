@NullMarked
package io.slotkeeper.balance;

import org.jspecify.annotations.NullMarked;
