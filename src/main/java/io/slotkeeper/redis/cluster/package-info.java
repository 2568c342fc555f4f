/** The protocol of Redis Cluster: nodes, slots, and the commands that one server is sent. */
@NullMarked
package io.slotkeeper.redis.cluster;

import org.jspecify.annotations.NullMarked;
