/** Builds the status and the events of a Redis in cluster mode. Pure. */
@NullMarked
package io.slotkeeper.mode.cluster.status;

import org.jspecify.annotations.NullMarked;
