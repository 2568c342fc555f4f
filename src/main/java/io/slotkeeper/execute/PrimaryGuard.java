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
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
    if (former == null) {
      return Optional.empty();
    }
    TakeoverGuard death = deaths.get();
    return death
        .areDead(List.of(former))
        .or(() -> death.mayBeEnding(former) ? linked() : Optional.empty());
  }

  /** As long as a server runs whose pod was deleted by force, its replicas are linked to it. */
  private Optional<String> linked() {
    List<PodState> pods = guard.pods().stream().filter(pod -> pod.ip() != null).toList();
    Set<String> addresses =
        pods.stream().map(pod -> String.valueOf(pod.ip())).collect(Collectors.toSet());
    return first(pods, pod -> isLinked(pod, addresses));
  }

  private Optional<String> isLinked(PodState pod, Set<String> addresses) {
    return ask(pod)
        .map(NodeSnapshot::replication)
        .filter(link -> !link.master() && link.linkUp())
        .filter(link -> !addresses.contains(String.valueOf(link.masterHost())))
        .map(link ->
            "pod %s is still linked to the former primary at %s, whose pod is gone"
                .formatted(pod.name(), link.masterHost()));
  }

  private Optional<String> rival(ServerRef chosen) {
    List<PodState> others =
        guard.pods().stream()
            .filter(pod -> !pod.uid().equals(chosen.podUid()) && pod.ip() != null)
            .toList();
    return first(others, this::isMaster);
  }

  private Optional<String> first(
      List<PodState> pods, Function<PodState, Optional<String>> objection) {
    return fanout.map(pods, objection).stream().flatMap(Optional::stream).findFirst();
  }

  /** A server that does not answer is no proof of anything: only the former primary leads. */
  private Optional<String> isMaster(PodState pod) {
    return ask(pod)
        .filter(NodeSnapshot::isMaster)
        .map(_ -> "the server in pod " + pod.name() + " is a master");
  }

  private Optional<NodeSnapshot> ask(PodState pod) {
    try {
      return Optional.of(guard.node(pod, String.valueOf(pod.ip())).look());
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
