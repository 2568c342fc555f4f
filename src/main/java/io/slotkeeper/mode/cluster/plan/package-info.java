/**
 * Decides what to do with a Redis in cluster mode. Pure: from what is wanted and observed to steps
 * of actions.
 */
@NullMarked
package io.slotkeeper.mode.cluster.plan;

import org.jspecify.annotations.NullMarked;
