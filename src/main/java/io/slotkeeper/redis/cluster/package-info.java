/** The protocol of Redis Cluster: nodes, slots, and the commands sent to one server. */
@NullMarked
package io.slotkeeper.redis.cluster;

import org.jspecify.annotations.NullMarked;
