/**
 * From a {@link io.slotkeeper.api.Redis} to its Kubernetes objects: pure functions of a {@link
 * io.slotkeeper.resources.ResolvedSpec}. Nothing here reads a clock, a cluster or a server.
 *
 * <p>A pod template stays forever: what an operator upgrade changes in it restarts every server of
 * every user. What may change without that lives in the ConfigMap, scripts included.
 */
@NullMarked
package io.slotkeeper.resources;

import org.jspecify.annotations.NullMarked;
