@NullMarked
package io.slotkeeper.redis.lettuce;

import org.jspecify.annotations.NullMarked;
