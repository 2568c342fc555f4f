package io.slotkeeper.e2e.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What the faults of a round did to the servers of a Redis without asking them first, and so which
 * acknowledged writes may be lost by it. Written while faults are applied, by several threads.
 */
final class Damage {
  /**
   * How far a copy may lag behind: replication is asynchronous, and the AOF is, too, while a flush
   * of its file is on (flushAppendOnlyFile: up to two seconds with appendfsync everysec).
   */
  private static final Duration LAG = Duration.ofSeconds(2);

  /**
   * How long a master goes on acknowledging that is cut off and will be replaced: the node timeout,
   * and the tenth of a second after which it next looks.
   */
  private static final Duration ALONE = Duration.ofSeconds(6);

  /**
   * For how long a shard, all copies of which ended, may have a master that does not stay: it comes
   * back while the others still miss it, takes writes, and its replica, which they voted for, takes
   * over without them. A write that no replica has is lost with that.
   */
  private static final Duration RETURNING = Duration.ofSeconds(30);

  /**
   * A server that ended, or was cut off, from one moment to the next.
   *
   * @param master it was master of its shard
   */
  private record Hit(String pod, int shard, boolean master, Instant at) {}

  private final List<Hit> hits = new ArrayList<>();

  synchronized void hit(String pod, int shard, boolean master) {
    hits.add(new Hit(pod, shard, master, Instant.now()));
  }

  /**
   * A write is safe while fewer copies are hit than have it, or while its master is not hit. What
   * was written long before has reached every copy; nothing is lost after the cluster is one again.
   */
  synchronized boolean mayLose(int shard, Page.Acknowledged write) {
    List<Hit> here = hits.stream().filter(hit -> hit.shard() == shard).toList();
    long copies = here.stream().map(Hit::pod).distinct().count();
    Duration after = copies > 1 && write.replicas() == 0 ? RETURNING : ALONE;
    return here.stream().anyMatch(Hit::master)
        && copies > write.replicas()
        && here.stream()
            .anyMatch(hit ->
                write.at().isAfter(hit.at().minus(LAG))
                    && write.at().isBefore(hit.at().plus(after)));
  }

  @Override
  public synchronized String toString() {
    return hits.toString();
  }
}
