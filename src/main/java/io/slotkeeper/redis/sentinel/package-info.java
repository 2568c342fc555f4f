/** One Sentinel: its snapshot and commands. */
@NullMarked
package io.slotkeeper.redis.sentinel;

import org.jspecify.annotations.NullMarked;
