package io.slotkeeper.execute;

import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.model.PodState;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The latest time at which a pod may have gone: the creation of its successor, or where there is
 * none yet, when it was first missed. An operator that starts to look later only waits longer.
 */
final class PodAbsences {
  private record Pod(String redis, String name) {}

  private final Map<Pod, Instant> missed = new ConcurrentHashMap<>();

  Instant since(RedisRef ref, String name, @Nullable PodState successor, Instant now) {
    Pod pod = new Pod(ref.uid(), name);
    if (successor != null) {
      missed.remove(pod);
      return successor.createdAt();
    }
    Instant first = missed.putIfAbsent(pod, now);
    return first == null ? now : first;
  }
}
