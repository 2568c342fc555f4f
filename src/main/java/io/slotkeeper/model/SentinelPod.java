package io.slotkeeper.model;

import org.jspecify.annotations.Nullable;

/**
 * The pod of a Sentinel, as the API server reports it.
 *
 * @param ip null until the pod's network exists, and after the pod has ended
 * @param terminating its deletion has been asked for
 * @param ready its readiness probe passes, so the Service leads to it
 * @param trouble why it does not start, as Kubernetes says; null for nothing
 */
public record SentinelPod(
    String name,
    String uid,
    int ordinal,
    @Nullable String ip,
    boolean terminating,
    boolean ready,
    PodState.@Nullable Trouble trouble) {}
