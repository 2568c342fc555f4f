package io.slotkeeper.model;

import io.fabric8.kubernetes.api.model.Taint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node of Kubernetes: a machine that pods run on.
 *
 * @param ready its kubelet reports; otherwise what runs there may still run, or not
 * @param schedulable new pods may be put there, if they tolerate its taints
 * @param labels of the node
 * @param back since when it is ready again; null where it is new, and nothing ran there before
 */
public record KubernetesNode(
    String name,
    boolean ready,
    boolean schedulable,
    @Nullable Instant back,
    Map<String, String> labels,
    List<Taint> taints) {
  private static final String ZONE = "topology.kubernetes.io/zone";
  private static final String OFF = "node.kubernetes.io/out-of-service";

  /**
   * How long a kubelet that reports again takes to end pods deleted meanwhile, and volumes take to
   * move from there to where their pods are now.
   */
  private static final Duration SETTLING = Duration.ofSeconds(30);

  public KubernetesNode(String name, boolean ready, boolean schedulable) {
    this(name, ready, schedulable, null);
  }

  public KubernetesNode(String name, boolean ready, boolean schedulable, @Nullable Instant back) {
    this(name, ready, schedulable, back, Map.of(), List.of());
  }

  public KubernetesNode {
    labels = Map.copyOf(labels);
    taints = List.copyOf(taints);
  }

  /** Whether a volume of one may be attached at the other, as far as zones show. */
  public boolean sharesZoneWith(KubernetesNode other) {
    return Objects.equals(labels.get(ZONE), other.labels.get(ZONE));
  }

  /**
   * It is declared to be off for good, so nothing runs there: Kubernetes releases its pods and
   * volumes.
   */
  public boolean off() {
    return taints.stream().anyMatch(taint -> OFF.equals(taint.getKey()));
  }

  /** The API server's view of this node's pods has been accurate long enough to trust. */
  public boolean isSettled(Instant now) {
    return ready && (back == null || !back.isAfter(now.minus(SETTLING)));
  }
}
