package io.slotkeeper.kubernetes;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.slotkeeper.model.KubernetesNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From a Node of the API server to what matters of it here. */
public final class NodeStateReader {
  /** A Kubernetes node that joins becomes ready for the first time well within this. */
  private static final Duration NEW = Duration.ofMinutes(5);

  private NodeStateReader() {}

  public static KubernetesNode of(Node node) {
    Optional<NodeCondition> ready =
        node.getStatus() == null
            ? Optional.empty()
            : node.getStatus().getConditions().stream()
                .filter(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()))
                .findFirst();
    boolean closed = Boolean.TRUE.equals(node.getSpec().getUnschedulable());
    Instant created = time(node.getMetadata().getCreationTimestamp()).orElse(Instant.MIN);
    return new KubernetesNode(
        node.getMetadata().getName(),
        ready.isPresent(),
        ready.isPresent() && !closed,
        ready
            .flatMap(condition -> time(condition.getLastTransitionTime()))
            .filter(since -> created.isBefore(since.minus(NEW)))
            .orElse(null),
        Optional.ofNullable(node.getMetadata().getLabels()).orElse(Map.of()),
        node.getSpec().getTaints());
  }

  private static Optional<Instant> time(@Nullable String text) {
    return Optional.ofNullable(text).map(Instant::parse);
  }
}
