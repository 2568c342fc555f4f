package io.slotkeeper.observe;

import io.slotkeeper.model.ServerLoad;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long servers have been reporting others as failing. It is kept in memory only: what is done
 * because of a failure is bounded, and begins again after a restart of the operator.
 */
public final class FailureReports {
  /** Reports that come back within this time are of the same failure. */
  private static final Duration CALM = Duration.ofSeconds(10);

  private final InstantSource steady;
  private final Map<String, Failure> failures = new ConcurrentHashMap<>();

  private record Failure(Instant since, Instant last) {}

  /**
   * @param steady a clock that does not jump back
   */
  public FailureReports(InstantSource steady) {
    this.steady = steady;
  }

  /**
   * The view, with how long a failure has been reported.
   *
   * @param uid of the Redis
   */
  public ClusterView observe(String uid, ClusterView view) {
    Instant now = steady.instant();
    if (!hasFailure(view)) {
      failures.computeIfPresent(
          uid, (_, failure) -> failure.last().plus(CALM).isBefore(now) ? null : failure);
      return view;
    }
    Failure failure =
        failures.merge(
            uid,
            new Failure(now, now),
            (old, fresh) ->
                old.last().plus(CALM).isBefore(now) ? fresh : new Failure(old.since(), now));
    return view.withLoad(
        new ServerLoad(view.load().responseTime(), Duration.between(failure.since(), now)));
  }

  private static boolean hasFailure(ClusterView view) {
    return view.members().stream()
        .flatMap(member -> member.snapshot().stream())
        .filter(NodeSnapshot::isCluster)
        .flatMap(seen -> seen.table().nodes().stream())
        .anyMatch(FailureReports::isMissed);
  }

  /** It owns slots, and a majority of masters has not heard from it for a node timeout. */
  private static boolean isMissed(ClusterNode node) {
    return node.is(Flag.FAIL) && !node.slots().isEmpty();
  }

  /** Keeps only entries of Redises with these UIDs. */
  public void retain(Set<String> uids) {
    failures.keySet().retainAll(uids);
  }
}
