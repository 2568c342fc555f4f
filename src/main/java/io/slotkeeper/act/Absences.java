package io.slotkeeper.act;

import io.slotkeeper.observe.PodView;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * When a pod went at the latest: its successor's creation tells, and where there is none yet, when
 * it was first missed. Who begins to look later only waits longer.
 */
final class Absences {
  private record Pod(String redis, String name) {}

  private final Map<Pod, Instant> missed = new ConcurrentHashMap<>();

  Instant since(Cluster cluster, String name, @Nullable PodView successor, Instant now) {
    Pod pod = new Pod(cluster.uid(), name);
    if (successor != null) {
      missed.remove(pod);
      return successor.createdAt();
    }
    Instant first = missed.putIfAbsent(pod, now);
    return first == null ? now : first;
  }
}
