package io.slotkeeper.execute;

import io.slotkeeper.model.PodState;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The second look before another server becomes primary, where servers do not vote: rules 4, 6 and
 * 9. Each check gives the reason for refusing, if any.
 */
final class PrimaryGuard {
  private final Guard guard;
  private final Fanout fanout;
  private final Supplier<TakeoverGuard> deaths;

  PrimaryGuard(Guard guard, Fanout fanout, Supplier<TakeoverGuard> deaths) {
    this.guard = guard;
    this.fanout = fanout;
    this.deaths = deaths;
  }

  /** What is recorded decides who leads, so it is as dangerous as the promotion. */
  Optional<String> mayRecord(Action.RecordPrimary record) {
    // A master that is recorded leads already.
    return guard.node(record.node()).look().isMaster()
        ? living(record.former())
        : living(record.former()).or(() -> rival(record.node()));
  }

  /** Its data is what it was, the former primary is dead, and no other server is a master. */
  Optional<String> mayPromote(Action.Promote promotion) {
    NodeSnapshot now = guard.node(promotion.node()).look();
    if (!promotion.replicationId().equals(now.replication().replicationId())) {
      return Optional.of("it has copied another server since");
    }
    return living(promotion.former()).or(() -> rival(promotion.node()));
  }

  private Optional<String> living(Action.@Nullable Dead former) {
    return former == null ? Optional.empty() : deaths.get().areDead(List.of(former));
  }

  private Optional<String> rival(ServerRef chosen) {
    List<PodState> others =
        guard.pods().stream()
            .filter(pod -> !pod.uid().equals(chosen.podUid()) && pod.ip() != null)
            .toList();
    return fanout.map(others, this::isMaster).stream().flatMap(Optional::stream).findFirst();
  }

  /** A server that does not answer is no proof of anything: only the former primary leads. */
  private Optional<String> isMaster(PodState pod) {
    try {
      return guard.node(pod, String.valueOf(pod.ip())).look().isMaster()
          ? Optional.of("the server in pod " + pod.name() + " is a master")
          : Optional.empty();
    } catch (RedisUnavailableException | RedisErrorException e) {
      return Optional.empty();
    }
  }

  /** Rule 4: a server gives its data up only for that of a primary. */
  Optional<String> mayFollow(Action.Follow follow) {
    return guard.whyNotLeading(follow.primary());
  }

  /** It is still handing over, and no server has taken over from it. */
  Optional<String> mayAbort(Action.AbortHandOver abort) {
    return guard.node(abort.primary()).look().replication().failingOver()
        ? rival(abort.primary())
        : Optional.of("it is not handing over any more");
  }

  /** It takes no writes: what its clients would write is refused. */
  Optional<String> mayDismiss(Action.DismissClients dismissal) {
    NodeSnapshot now = guard.node(dismissal.replica()).look();
    return now.isMaster() || now.replication().failingOver()
        ? Optional.of("it is a primary, or hands over")
        : Optional.empty();
  }

  /**
   * Rule 9: the primary lives, the replica lacks at most its last writes, and no pod is leaving.
   */
  Optional<String> mayHandOver(Action.HandOver handOver) {
    NodeSnapshot primary = guard.node(handOver.primary()).look();
    if (!primary.isMaster()) {
      return Optional.of("it is no primary any more");
    }
    return guard
        .leaving(_ -> true)
        .or(() -> Succession.trouble(primary))
        .or(() -> Succession.whyNotSucceeding(guard.node(handOver.replica()).look(), primary))
        .or(() -> Succession.whyNotHeard(primary, handOver.replica().ip()));
  }
}
