package io.slotkeeper.mode.cluster.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * How short the node timeout becomes while a cluster forms or recovers. Each server calls each
 * other one within half of it, so their total cost grows with the square of their number: measured
 * on loopback addresses with Redis 7.0, at 500 ms 2 % of a core with 6 servers, 22 % with 30, 80 %
 * with 60, and with 60 at 5 s 13 %. Overloaded servers take each other for dead, which is no reason
 * to make them talk more. So the more servers, the longer the timeout, up to about a seventh of a
 * core; and it ends even if recovery does not.
 */
final class TemporaryNodeTimeout {
  /** The smallest value that the rejoin delay takes into account (CLUSTER_MIN_REJOIN_DELAY). */
  private static final long SHORTEST_MILLIS = 500;

  /** The rejoin delay is never longer (CLUSTER_MAX_REJOIN_DELAY): below it there is a gain. */
  private static final long LONGEST_MILLIS = 5000;

  /** The timeout by the maximum number of servers; larger clusters keep theirs. */
  private static final NavigableMap<Integer, Long> MILLIS =
      new TreeMap<>(Map.of(20, SHORTEST_MILLIS, 30, 1000L, 40, 2000L));

  /** How long a pod counts as just started. */
  private static final Duration YOUTH = Duration.ofSeconds(60);

  private TemporaryNodeTimeout() {}

  /** Whether this or an earlier version of the operator has set the timeout temporarily. */
  static boolean isTemporary(long millis) {
    return MILLIS.containsValue(millis);
  }

  /**
   * The temporary timeout; empty where there is nothing to gain.
   *
   * @param least its lower bound
   */
  static OptionalLong millis(ClusterModel cluster, long least) {
    int servers = Math.max(cluster.topology().pods().size(), cluster.view().members().size());
    Map.Entry<Integer, Long> bearable = MILLIS.ceilingEntry(servers);
    if (bearable == null) {
      return OptionalLong.empty();
    }
    long millis = Math.max(least, bearable.getValue());
    return millis < Math.min(LONGEST_MILLIS, cluster.topology().nodeTimeoutMillis())
        ? OptionalLong.of(millis)
        : OptionalLong.empty();
  }

  /** Servers answer within half of the time after which they would take each other for dead. */
  static boolean isSustainable(ClusterModel cluster, long millis) {
    return cluster.view().load().responseTime().toMillis() <= millis / 2;
  }

  /** A pod has started a moment ago. */
  static boolean isAfterStart(ClusterModel cluster) {
    Instant old = cluster.view().at().minus(YOUTH);
    return cluster.peers().stream()
        .map(peer -> peer.pod().startedAt())
        .anyMatch(start -> start.isAfter(old));
  }
}
