package io.slotkeeper.operator;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import io.slotkeeper.act.Cluster;
import io.slotkeeper.act.Kubernetes;
import io.slotkeeper.api.Redis;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.PodView;
import io.slotkeeper.plan.Pace;
import io.slotkeeper.plan.Placement;
import io.slotkeeper.plan.Placement.Together;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.status.Notice;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a replica anew that is on its master's machine while another one is free: the scheduler,
 * which prefers to keep them apart, then places it once more. Only while everything is as wanted,
 * so the master is there all the time, and one at a time. Where it comes back to the same machine
 * (its volume may hold it there), it is tried again after ten minutes, then twice as long, up to a
 * day; the status tells.
 */
final class Mover {
  private static final Logger log = LoggerFactory.getLogger(Mover.class);
  private static final Duration FIRST_REST = Duration.ofMinutes(10);
  private static final Duration LONGEST_REST = Duration.ofDays(1);

  /** A pod that has just come is left alone: others may still be on their way. */
  private static final Duration YOUNG = Duration.ofMinutes(1);

  private final KubernetesClient client;
  private final Kubernetes kubernetes;
  private final EventPublisher events;
  private final MeterRegistry registry;
  private final InstantSource clock;
  private final Map<String, Map<String, Attempt>> attempts = new ConcurrentHashMap<>();

  /** When a pod was last made anew, where it was then, and how often it came back there. */
  private record Attempt(String host, int count, Instant at) {
    Instant next() {
      Duration rest = FIRST_REST.multipliedBy(1L << Math.min(count - 1, 10));
      return at.plus(rest.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest);
    }
  }

  Mover(
      KubernetesClient client,
      Kubernetes kubernetes,
      EventPublisher events,
      MeterRegistry registry,
      InstantSource clock) {
    this.events = events;
    this.registry = registry;
    this.client = client;
    this.kubernetes = kubernetes;
    this.clock = clock;
  }

  /** Moves one, if one may go now. */
  void advance(
      Redis redis,
      Cluster cluster,
      Topology topology,
      Plan plan,
      ClusterView view,
      Collection<Pod> pods) {
    Optional<Together> next = next(cluster.uid(), plan, view);
    Optional<Pod> pod =
        next.flatMap(move ->
            pods.stream()
                .filter(p -> p.getMetadata().getUid().equals(move.replica().uid()))
                .findFirst());
    if (pod.isEmpty() || !allWell(topology, kubernetes.pods(cluster))) {
      return;
    }
    tried(cluster.uid(), next.get());
    try {
      // Not if anything has happened to it since: it may be the master by now.
      client.resource(pod.get()).lockResourceVersion().delete();
    } catch (KubernetesClientException e) {
      log.info("pod {} not moved: {}", next.get().replica().name(), e.getMessage());
      return;
    }
    registry.counter("slotkeeper.actions", "action", "MoveReplica", "outcome", "done").increment();
    String note =
        "%s is made anew, to be placed on another node than its master %s: both are on %s."
            .formatted(next.get().replica().name(), next.get().master(), next.get().host());
    events.publish(redis, List.of(new Notice(false, "ReplicaMoved", "MoveReplica", note)));
  }

  private static boolean allWell(Topology topology, java.util.List<PodView> pods) {
    Set<String> ready =
        pods.stream()
            .filter(pod -> pod.ready() && !pod.terminating())
            .map(PodView::name)
            .collect(java.util.stream.Collectors.toSet());
    return ready.containsAll(topology.pods());
  }

  /** The first that is due. */
  Optional<Together> next(String uid, Plan plan, ClusterView view) {
    if (plan.pace() != Pace.RESTING) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    Map<String, Attempt> known = attempts.getOrDefault(uid, Map.of());
    return Placement.of(plan.health(), view).stream()
        .filter(move -> isOld(move.replica(), now))
        .filter(move -> {
          Attempt last = known.get(move.replica().name());
          return last == null || !last.host().equals(move.host()) || !last.next().isAfter(now);
        })
        .findFirst();
  }

  private static boolean isOld(PodView pod, Instant now) {
    return pod.createdAt().plus(YOUNG).isBefore(now);
  }

  void tried(String uid, Together move) {
    attempts
        .computeIfAbsent(uid, _ -> new ConcurrentHashMap<>())
        .compute(
            move.replica().name(),
            (_, last) ->
                new Attempt(
                    move.host(),
                    last != null && last.host().equals(move.host()) ? last.count() + 1 : 1,
                    clock.instant()));
  }

  /** Forgets what is gone. */
  void retain(Set<String> uids) {
    attempts.keySet().retainAll(uids);
  }
}
