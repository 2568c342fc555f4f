/**
 * The protocol, for any server: errors, settings, keys, and the watch of server deaths. No
 * Kubernetes.
 */
@NullMarked
package io.slotkeeper.redis;

import org.jspecify.annotations.NullMarked;
