/** The operator as users install it, on a real cluster, with real servers. */
@NullMarked
package io.slotkeeper.e2e;

import org.jspecify.annotations.NullMarked;
