/**
 * A model of Redis Sentinel, after {@code sentinel.c}: what one knows, how it finds a primary down,
 * votes and fails over. The servers and the network are those of whoever runs it.
 */
@NullMarked
package io.slotkeeper.simulation.sentinel;

import org.jspecify.annotations.NullMarked;
