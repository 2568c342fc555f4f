@NullMarked
package io.slotkeeper.redis.cluster;

import org.jspecify.annotations.NullMarked;
