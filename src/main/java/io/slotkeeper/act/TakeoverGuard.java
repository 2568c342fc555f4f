package io.slotkeeper.act;

import io.slotkeeper.observe.Host;
import io.slotkeeper.observe.PodView;
import io.slotkeeper.plan.Action.Dead;
import io.slotkeeper.redis.RedisNodes;
import io.slotkeeper.redis.RedisNodes.Endpoint;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.resources.Ports;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rule 6 where nobody votes: every master that is counted as dead is dead at this moment, too. Of
 * one whose pod is gone, or was replaced, its machine decides: its kubelet must be in touch, and
 * have been since the pod went, so that it has ended what it was not to run any more. The API
 * server takes up to a minute to notice that a machine is cut off; the heartbeat tells at once.
 */
final class TakeoverGuard {
  /** What a pod that was made again takes to start with its volume. */
  private static final Duration RETURN = Duration.ofSeconds(30);

  private final Guard guard;
  private final Cluster cluster;
  private final RedisNodes nodes;
  private final Kubernetes kubernetes;
  private final Absences absences;

  TakeoverGuard(
      Guard guard, Cluster cluster, RedisNodes nodes, Kubernetes kubernetes, Absences absences) {
    this.guard = guard;
    this.cluster = cluster;
    this.nodes = nodes;
    this.kubernetes = kubernetes;
    this.absences = absences;
  }

  /** The reason for refusing, if any. */
  Optional<String> areDead(List<Dead> masters) {
    List<Host> machines = kubernetes.hosts();
    return masters.stream()
        .map(dead -> guard.isAlive(dead.pod(), dead.master()))
        .flatMap(Optional::stream)
        .findFirst()
        .or(() ->
            masters.stream()
                .map(dead -> mayRun(dead, machines))
                .flatMap(Optional::stream)
                .findFirst());
  }

  private Optional<String> mayRun(Dead dead, List<Host> machines) {
    Instant gone = absences.since(cluster, dead.pod(), guard.pod(dead.pod()), guard.since());
    boolean ended = isEnded(guard.pod(dead.pod()));
    boolean young = gone.plus(RETURN).isAfter(guard.since());
    if (!ended && young && !dead.hosts().isEmpty() && isOnVolume(dead)) {
      return Optional.of("the volume of pod " + dead.pod() + " may bring the master back");
    }
    return machines.stream()
        .filter(host -> !host.off())
        .filter(host -> dead.hosts().isEmpty() || dead.hosts().contains(host.name()))
        .filter(host -> !(ended && isEnough(dead, host)))
        .map(host -> doubt(dead, host, ended ? Instant.MIN : gone))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Its pod is on this machine, or nothing else is known. */
  private boolean isEnough(Dead dead, Host host) {
    PodView pod = guard.pod(dead.pod());
    return dead.hosts().isEmpty() || (pod != null && host.name().equals(pod.node()));
  }

  private Optional<String> doubt(Dead dead, Host host, Instant gone) {
    if (!host.ready()) {
      return Optional.of(
          "nothing is heard of Kubernetes node " + host.name() + ": a server may still run there");
    }
    if (!host.isSettled(guard.since()) && isOnVolume(dead)) {
      return Optional.of(
          "Kubernetes node %s has just come back: a master may be about to start"
              .formatted(host.name()));
    }
    // Where the machines are not known, a heartbeat of all would be asked for.
    boolean beats =
        dead.hosts().isEmpty()
            || kubernetes.heartbeat(host.name()).filter(beat -> beat.isAfter(gone)).isPresent();
    return beats
        ? Optional.empty()
        : Optional.of(
            "Kubernetes node %s has not renewed its Lease since pod %s went: a server may still run there"
                .formatted(host.name(), dead.pod()));
  }

  private boolean isOnVolume(Dead dead) {
    return guard.volumes().containsValue(dead.master());
  }

  /**
   * Its pod says so itself: the container ended, or nobody listens where it was. Where a container
   * has not started yet, the one before may be elsewhere.
   */
  private boolean isEnded(@Nullable PodView pod) {
    if (pod == null || pod.ip() == null) {
      return false;
    }
    try {
      nodes.at(new Endpoint(pod.uid(), pod.ip(), Ports.CLIENT, cluster.password())).myId();
      return false; // another one, in its place
    } catch (RedisUnavailableException e) {
      return switch (pod.container()) {
        case TERMINATED -> !e.kind().answers();
        case RUNNING -> e.kind() == Kind.REFUSED;
        case WAITING -> false;
      };
    }
  }
}
