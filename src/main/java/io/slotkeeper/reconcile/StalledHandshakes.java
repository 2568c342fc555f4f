package io.slotkeeper.reconcile;

import io.slotkeeper.execute.Outcome;
import io.slotkeeper.model.Finding;
import io.slotkeeper.plan.Action;
import io.slotkeeper.resources.Ports;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Servers that are introduced to each other again and again. The reply to CLUSTER MEET only says
 * that the server will try to connect; where the cluster bus between two pods is closed (a
 * NetworkPolicy, a service mesh, a firewall), the server drops the other silently after its node
 * timeout, and both answer the operator all the while.
 */
public final class StalledHandshakes {
  /** On an open network a handshake takes a fraction of a second. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Introductions are repeated every two seconds at the latest. */
  private static final Duration OVER = Duration.ofSeconds(8);

  private final InstantSource clock;
  private final Map<String, Map<Pair, Span>> open = new ConcurrentHashMap<>();

  private record Pair(String fromUid, String from, String toUid, String to) {}

  private record Span(Instant first, Instant last) {}

  public StalledHandshakes(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * @param uid of the Redis
   * @param outcomes of this pass
   */
  List<Finding> of(String uid, List<Outcome> outcomes) {
    Instant now = clock.instant();
    Map<Pair, Span> spans = new HashMap<>(open.getOrDefault(uid, Map.of()));
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Done(Action.Meet meet) && !meet.acquainted()) {
        Pair pair =
            new Pair(meet.from().podUid(), meet.from().pod(), meet.to().podUid(), meet.to().pod());
        spans.merge(pair, new Span(now, now), (old, _) -> new Span(old.first(), now));
      }
    }
    spans.values().removeIf(span -> span.last().plus(OVER).isBefore(now));
    if (spans.isEmpty()) {
      open.remove(uid);
      return List.of();
    }
    open.put(uid, Map.copyOf(spans));
    return spans.entrySet().stream()
        .filter(entry -> !entry.getValue().first().plus(PATIENCE).isAfter(now))
        .map(Map.Entry::getKey)
        .min(Comparator.comparing(Pair::from).thenComparing(Pair::to))
        .map(StalledHandshakes::finding)
        .stream()
        .toList();
  }

  public void retain(Set<String> uids) {
    open.keySet().retainAll(uids);
  }

  private static Finding finding(Pair pair) {
    return new Finding(
        Finding.Kind.BUS_BLOCKED,
        "The servers in pods %s and %s answer the operator, but do not reach each other on the cluster bus, port %d. See whether a NetworkPolicy, a service mesh or a firewall closes it between the pods of this Redis."
            .formatted(pair.from(), pair.to(), Ports.BUS));
  }
}
