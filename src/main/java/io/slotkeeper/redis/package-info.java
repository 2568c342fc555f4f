/**
 * The Redis and Valkey protocol as this operator needs it: what one server says of itself and its
 * cluster, and the commands that change it. Nothing here knows Kubernetes.
 */
@NullMarked
package io.slotkeeper.redis;

import org.jspecify.annotations.NullMarked;
