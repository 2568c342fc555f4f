package io.slotkeeper.observe;

import io.fabric8.kubernetes.api.model.Node;

/** From a Node of the API server to what matters of it here. */
public final class Hosts {

  private Hosts() {}

  public static Host of(Node node) {
    boolean ready =
        node.getStatus() != null
            && node.getStatus().getConditions().stream()
                .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
    boolean closed =
        Boolean.TRUE.equals(node.getSpec().getUnschedulable())
            || node.getSpec().getTaints().stream()
                .anyMatch(taint -> !"PreferNoSchedule".equals(taint.getEffect()));
    return new Host(node.getMetadata().getName(), ready, ready && !closed);
  }
}
