package io.slotkeeper.reconcile;

import io.slotkeeper.api.Phase;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.observe.AcceptedLosses;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The status of each Redis: the one just written, until the watch has certainly brought it back,
 * then the watched one. Only the leader writes, so its own copy is the newer one.
 */
public final class StatusCache {
  private static final Duration UNTIL_WATCHED = Duration.ofSeconds(5);

  private final InstantSource clock;
  private final Map<String, Written> written = new ConcurrentHashMap<>();

  private final Map<String, Map<String, String>> lastMasters = new ConcurrentHashMap<>();

  private record Written(RedisStatus status, Instant at) {}

  public StatusCache(InstantSource clock) {
    this.clock = clock;
  }

  @Nullable RedisStatus of(Redis redis) {
    Written own = written.get(redis.getMetadata().getUid());
    boolean fresh = own != null && own.at().plus(UNTIL_WATCHED).isAfter(clock.instant());
    return own != null && fresh ? own.status() : redis.getStatus();
  }

  /** The pod that was last master of each shard, kept for shards that have none now. */
  Map<String, String> lastMasters(String uid, @Nullable RedisStatus before) {
    Map<String, String> last = lastMasters.computeIfAbsent(uid, _ -> new ConcurrentHashMap<>());
    if (before != null && before.phase() == Phase.Halted) {
      last.clear(); // all stopped: the next master takes over from none
    }
    if (before != null) {
      before.shards().stream()
          .filter(shard -> shard.master() != null)
          .forEach(
              shard -> last.put(shard.name(), java.util.Objects.requireNonNull(shard.master())));
    }
    return last;
  }

  void wrote(String uid, RedisStatus status) {
    written.put(uid, new Written(status, clock.instant()));
  }

  void retain(Set<String> uids) {
    written.keySet().retainAll(uids);
    lastMasters.keySet().retainAll(uids);
  }

  /** The losses that the user has accepted, by annotation. */
  static AcceptedLosses acceptedLosses(Redis redis) {
    Map<String, String> annotations = redis.getMetadata().getAnnotations();
    return AcceptedLosses.parse(
        annotations == null ? null : annotations.get(AcceptedLosses.ANNOTATION));
  }
}
