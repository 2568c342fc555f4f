package io.slotkeeper.execute;

import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.plan.Action.Dead;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The latest time at which the pod of a dead master may have gone: the creation of its successor,
 * or where there is none yet, when it was first missed. An operator that starts to look later only
 * waits longer. A pod, or a master, that is seen again has not gone: it is missed anew the next
 * time.
 */
final class PodAbsences {
  /**
   * @param name of the pod; where no pod has the id of the master any more, that id
   */
  private record Missed(String redis, String name) {}

  private final Map<Missed, Instant> missed = new ConcurrentHashMap<>();

  Instant since(RedisRef ref, Dead dead, @Nullable PodState successor, Instant now) {
    String name = dead.pod().isEmpty() ? dead.master().value() : dead.pod();
    Missed pod = new Missed(ref.uid(), name);
    if (successor != null) {
      missed.remove(pod);
      return successor.createdAt();
    }
    Instant first = missed.putIfAbsent(pod, now);
    return first == null ? now : first;
  }

  void seen(RedisRef ref, ClusterView view) {
    for (Member member : view.members()) {
      missed.remove(new Missed(ref.uid(), member.pod().name()));
      member.snapshot().ifPresent(seen -> missed.remove(new Missed(ref.uid(), seen.id().value())));
    }
  }
}
