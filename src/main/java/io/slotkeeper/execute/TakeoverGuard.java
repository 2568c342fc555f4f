package io.slotkeeper.execute;

import io.slotkeeper.kubernetes.KubernetesApi;
import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.model.KubernetesNode;
import io.slotkeeper.model.PodState;
import io.slotkeeper.plan.Action.Dead;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.cluster.RedisNodes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rule 6 without a vote: every master that counts as dead is dead at this moment, too. Where its
 * pod is gone or was replaced, its Kubernetes node decides: the kubelet must be in touch, and have
 * been since the pod went, so that it has ended what should not run any more. The API server takes
 * up to a minute to notice that a node is cut off; the heartbeat shows it at once.
 */
final class TakeoverGuard {
  /** How long a recreated pod takes to start with its volume. */
  private static final Duration RETURN = Duration.ofSeconds(30);

  private final Guard guard;
  private final RedisRef ref;
  private final RedisNodes nodes;
  private final KubernetesApi kubernetes;
  private final PodAbsences absences;

  TakeoverGuard(
      Guard guard, RedisRef ref, RedisNodes nodes, KubernetesApi kubernetes, PodAbsences absences) {
    this.guard = guard;
    this.ref = ref;
    this.nodes = nodes;
    this.kubernetes = kubernetes;
    this.absences = absences;
  }

  /** The reason for refusing, if any. */
  Optional<String> areDead(List<Dead> masters) {
    List<KubernetesNode> kubernetesNodes = kubernetes.nodes();
    return masters.stream()
        .map(dead -> guard.isAlive(dead.pod(), dead.master()))
        .flatMap(Optional::stream)
        .findFirst()
        .or(() ->
            masters.stream()
                .map(dead -> mayRun(dead, kubernetesNodes))
                .flatMap(Optional::stream)
                .findFirst());
  }

  /**
   * Its pod went a moment ago, so its server may go on for as long: a kubelet that has much to do
   * renews its Lease in time, and ends containers late. Not on a machine that is off.
   */
  boolean mayBeEnding(Dead dead) {
    return isRecent(gone(dead)) && running(dead, kubernetes.nodes()).findAny().isPresent();
  }

  private Instant gone(Dead dead) {
    return absences.since(ref, dead, guard.pod(dead.pod()), guard.since());
  }

  private boolean isRecent(Instant gone) {
    return gone.plus(RETURN).isAfter(guard.since());
  }

  /** The Kubernetes nodes that it may have been on, and that are not off. */
  private static Stream<KubernetesNode> running(Dead dead, List<KubernetesNode> all) {
    return all.stream()
        .filter(node -> !node.off())
        .filter(node ->
            dead.kubernetesNodes().isEmpty() || dead.kubernetesNodes().contains(node.name()));
  }

  private Optional<String> mayRun(Dead dead, List<KubernetesNode> kubernetesNodes) {
    Instant gone = gone(dead);
    boolean ended = isEnded(guard.pod(dead.pod()));
    if (!ended && isRecent(gone) && !dead.kubernetesNodes().isEmpty() && isOnVolume(dead)) {
      return Optional.of("the volume of pod " + dead.pod() + " may bring the master back");
    }
    return running(dead, kubernetesNodes)
        .filter(node -> !(ended && isEnough(dead, node)))
        .map(node -> objection(dead, node, gone))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Its pod is on this Kubernetes node, or no node is known. */
  private boolean isEnough(Dead dead, KubernetesNode node) {
    PodState pod = guard.pod(dead.pod());
    return dead.kubernetesNodes().isEmpty() || (pod != null && node.name().equals(pod.node()));
  }

  private Optional<String> objection(Dead dead, KubernetesNode node, Instant gone) {
    if (!node.ready()) {
      return Optional.of(
          "nothing is heard of Kubernetes node " + node.name() + ": a server may still run there");
    }
    if (!node.isSettled(guard.since()) && isOnVolume(dead)) {
      return Optional.of(
          "Kubernetes node %s has just come back: a master may be about to start"
              .formatted(node.name()));
    }
    // Where its Kubernetes nodes are unknown, heartbeats of all nodes would be needed.
    boolean beats =
        dead.kubernetesNodes().isEmpty()
            || kubernetes.heartbeat(node.name()).filter(beat -> beat.isAfter(gone)).isPresent();
    return beats
        ? Optional.empty()
        : Optional.of(
            "Kubernetes node %s has not renewed its Lease since pod %s went: a server may still run there"
                .formatted(node.name(), dead.pod()));
  }

  private boolean isOnVolume(Dead dead) {
    return guard.volumes().containsValue(dead.master());
  }

  /**
   * Its pod shows it: the container ended, or no process listens at its address. Where a container
   * has not started yet, the previous one may run elsewhere.
   */
  private boolean isEnded(@Nullable PodState pod) {
    if (pod == null || pod.ip() == null) {
      return false;
    }
    try {
      nodes.at(ref.server(pod.uid(), pod.ip())).myId();
      return false; // another server, in its place
    } catch (RedisUnavailableException e) {
      return switch (pod.container()) {
        case TERMINATED -> !e.kind().answers();
        case RUNNING -> e.kind() == Kind.REFUSED;
        case WAITING -> false;
      };
    }
  }
}
