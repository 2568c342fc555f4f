/**
 * Moves slots with their keys from master to master, by whatever the servers offer, and repairs
 * what an interrupted move left behind. Nothing is remembered: everything follows from what the
 * servers report when they are asked.
 */
@NullMarked
package io.slotkeeper.redis.migration;

import org.jspecify.annotations.NullMarked;
