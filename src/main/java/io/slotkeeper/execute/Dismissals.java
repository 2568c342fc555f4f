package io.slotkeeper.execute;

import io.slotkeeper.kubernetes.KubernetesApi;
import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.model.PodRole;
import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.cluster.RedisNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sends the clients of a former primary to the next one. They would get an error for each write, as
 * long as they keep their connections; and for a moment after its label is gone, the Service still
 * leads new connections to it. If the operator ends meanwhile, the next one begins again.
 */
final class Dismissals {
  /** How long the rules of a Service are out of date, with some margin. */
  private static final Duration LATE = Duration.ofSeconds(2);

  /** Clients that were led astray wait for this long at most. */
  private static final Duration OFTEN = Duration.ofMillis(200);

  private record Progress(Instant began, Instant closed) {}

  private final KubernetesApi kubernetes;
  private final InstantSource steady;

  /** By the UID of the pod. */
  private final Map<String, Progress> under = new ConcurrentHashMap<>();

  Dismissals(KubernetesApi kubernetes, InstantSource steady) {
    this.kubernetes = kubernetes;
    this.steady = steady;
  }

  /**
   * A pod loses its label: what was done for it before was for another time that it was primary.
   */
  void begin(String uid) {
    under.remove(uid);
  }

  /** What is left to be done, if anything. */
  Optional<String> close(RedisRef ref, RedisNode node, Action.DismissClients action) {
    String uid = action.replica().podUid();
    Instant now = steady.instant();
    Progress before = under.get(uid);
    if (before == null || !now.isBefore(before.closed().plus(OFTEN))) {
      node.closeClients();
      under.put(uid, new Progress(before == null ? now : before.began(), now));
    }
    if (before == null || now.isBefore(before.began().plus(LATE))) {
      return Optional.of("the Service may still lead clients to pod " + action.replica().pod());
    }
    kubernetes.label(ref, action.replica().pod(), uid, PodRole.REPLICA);
    under.remove(uid);
    return Optional.empty();
  }
}
