/**
 * A model of Redis Sentinel, after {@code sentinel.c}: what one knows, how it finds a primary down,
 * votes and fails over. The caller provides the servers and the network.
 */
@NullMarked
package io.slotkeeper.simulation.sentinel;

import org.jspecify.annotations.NullMarked;
