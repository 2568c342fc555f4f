@NullMarked
package io.slotkeeper.reconcile;

import org.jspecify.annotations.NullMarked;
