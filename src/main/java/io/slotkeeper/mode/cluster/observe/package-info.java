/** Observes a Redis in cluster mode: asks every server once, and adds what is remembered. */
@NullMarked
package io.slotkeeper.mode.cluster.observe;

import org.jspecify.annotations.NullMarked;
