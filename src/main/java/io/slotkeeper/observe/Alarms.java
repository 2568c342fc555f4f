package io.slotkeeper.observe;

import io.slotkeeper.redis.ClusterNode;
import io.slotkeeper.redis.ClusterNode.Flag;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Since when servers say of others that they fail. It is kept in memory only: what is done because
 * of an alarm has an end, and begins once more after a restart of the operator.
 */
public final class Alarms {
  /** Marks that come back within that time are the same alarm. */
  private static final Duration CALM = Duration.ofSeconds(10);

  private final InstantSource steady;
  private final Map<String, Alarm> alarms = new ConcurrentHashMap<>();

  private record Alarm(Instant since, Instant last) {}

  /**
   * @param steady a clock that does not jump back
   */
  public Alarms(InstantSource steady) {
    this.steady = steady;
  }

  /**
   * The view, with how long the alarm has lasted.
   *
   * @param uid of the Redis
   */
  public ClusterView noted(String uid, ClusterView view) {
    Instant now = steady.instant();
    if (!isAlarmed(view)) {
      alarms.computeIfPresent(
          uid, (_, alarm) -> alarm.last().plus(CALM).isBefore(now) ? null : alarm);
      return view;
    }
    Alarm alarm =
        alarms.merge(
            uid,
            new Alarm(now, now),
            (old, fresh) ->
                old.last().plus(CALM).isBefore(now) ? fresh : new Alarm(old.since(), now));
    return view.under(new Strain(view.strain().look(), Duration.between(alarm.since(), now)));
  }

  private static boolean isAlarmed(ClusterView view) {
    return view.members().stream()
        .flatMap(member -> member.seen().stream())
        .flatMap(seen -> seen.table().nodes().stream())
        .anyMatch(Alarms::isMissed);
  }

  /** It owns slots, and a majority of masters has not heard of it for a node timeout. */
  private static boolean isMissed(ClusterNode node) {
    return node.is(Flag.FAIL) && !node.slots().isEmpty();
  }

  /** Keeps only what is about Redises with these UIDs. */
  public void retain(Set<String> uids) {
    alarms.keySet().retainAll(uids);
  }
}
