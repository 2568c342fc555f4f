/** Seeded random faults on a real cluster, and what clients saw of them. */
@NullMarked
package io.slotkeeper.e2e.chaos;

import org.jspecify.annotations.NullMarked;
