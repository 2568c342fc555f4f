package io.slotkeeper.execute;

import io.slotkeeper.redis.Persistence;
import io.slotkeeper.redis.cluster.RedisNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Snapshots of servers without an AOF, before their pods go. Such a server writes all of its data
 * when it stops; where that takes longer than the pod's grace period it is killed, and only the
 * snapshot before that is left.
 */
final class RdbSnapshots {
  /** How long a requested snapshot is new enough. */
  private static final Duration VALIDITY = Duration.ofMinutes(10);

  private final Map<String, Asked> asked = new ConcurrentHashMap<>();

  private record Asked(Persistence before, Instant at) {}

  /**
   * Why the pod of a server has to wait; empty where all data is on its volume except for the
   * writes of the last minutes, which the server saves when it stops. Asks for a snapshot where
   * there is none.
   */
  Optional<String> missing(String podUid, RedisNode node, Instant now) {
    asked.values().removeIf(a -> a.at().plus(VALIDITY).isBefore(now));
    Persistence state = node.persistence();
    if (state.aof()) {
      return Optional.empty();
    }
    Optional<Persistence> before =
        Optional.ofNullable(asked.get(podUid))
            .map(Asked::before)
            .filter(then -> then.runId().equals(state.runId()));
    if (before.filter(then -> state.lastSave() > then.lastSave()).isPresent()) {
      return Optional.empty();
    }
    if (state.saving()) {
      return Optional.of("its server is writing a snapshot");
    }
    if (before.isPresent() && state.saveFailed()) {
      asked.remove(podUid);
      return Optional.of("its server cannot write a snapshot (rdb_last_bgsave_status:err)");
    }
    node.snapshot();
    asked.put(podUid, new Asked(state, now));
    return Optional.of("its server is writing a snapshot");
  }
}
