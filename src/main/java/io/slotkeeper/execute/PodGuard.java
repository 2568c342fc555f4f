package io.slotkeeper.execute;

import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.ClaimState;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Safeguard;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.RedisNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The second look before a pod is deleted: rules 7 and 9. Each check gives the reason for refusing,
 * if any.
 */
final class PodGuard {
  private final Guard guard;
  private final Map<String, ClaimState> claims;
  private final RdbSnapshots snapshots;
  private final Instant now;

  /**
   * @param claims by the name of their pod, live from the API server
   */
  PodGuard(Guard guard, Map<String, ClaimState> claims, RdbSnapshots snapshots, Instant now) {
    this.guard = guard;
    this.claims = claims;
    this.snapshots = snapshots;
    this.now = now;
  }

  Optional<String> mayReplace(Action.ReplacePod replace) {
    String name = replace.pod().name();
    Optional<PodState> found = guard.pod(name, replace.pod().uid());
    if (found.isEmpty()) {
      return Optional.of("pod " + name + " is not the same one any more");
    }
    PodState pod = found.get();
    if (!pod.resourceVersion().equals(replace.pod().resourceVersion())) {
      return Optional.of("pod " + name + " has changed since");
    }
    return (switch (replace.cause()) {
          case OUTDATED, SHARED_NODE -> disturbed(replace);
          case STUCK -> serving(pod).or(() -> alreadyDisturbed(replace, pod));
        })
        .or(() ->
            switch (replace.safeguard()) {
              case Safeguard.InSync kept -> notInSync(replace, pod, kept);
              case Safeguard.OnClaim _ -> notOnClaim(replace, pod);
              case Safeguard.NeverUsed _ -> going(pod);
            });
  }

  /** Rule 9: every pod exists, is ready, and stays. */
  private Optional<String> disturbed(Action.ReplacePod replace) {
    for (String name : replace.others()) {
      boolean ready = guard.pods().stream().anyMatch(pod -> pod.name().equals(name) && pod.ready());
      if (!ready) {
        return Optional.of("pod " + name + " is not ready");
      }
    }
    return guard.leaving(_ -> true);
  }

  /** Its server does not run, according to both the kubelet and a direct connection. */
  private Optional<String> serving(PodState pod) {
    if (pod.terminating() || pod.container() == PodState.Container.RUNNING) {
      return Optional.of("pod " + pod.name() + " is not stuck any more");
    }
    String ip = pod.ip();
    if (ip == null || !pod.started()) {
      return Optional.empty();
    }
    try {
      guard.node(pod, ip).myId();
      return Optional.of("the server in pod " + pod.name() + " answers");
    } catch (RedisUnavailableException e) {
      return e.kind() == RedisUnavailableException.Kind.REFUSED
          ? Optional.empty()
          : Optional.of("the server in pod %s may run: %s".formatted(pod.name(), e.getMessage()));
    }
  }

  /** One pod of a shard at a time, where they may have data. */
  private Optional<String> alreadyDisturbed(Action.ReplacePod replace, PodState pod) {
    return replace.safeguard() instanceof Safeguard.NeverUsed
        ? Optional.empty()
        : guard.leaving(other -> other.shard() == pod.shard());
  }

  /** Rule 4, first half: the copy is complete at this moment, and is not about to go itself. */
  private Optional<String> notInSync(
      Action.ReplacePod replace, PodState pod, Safeguard.InSync kept) {
    Optional<PodState> copy = guard.pod(kept.copy().pod(), kept.copy().podUid());
    if (copy.isEmpty() || copy.get().terminating()) {
      return Optional.of("pod " + kept.copy().pod() + ", which has the copy, is going");
    }
    Optional<String> going = going(copy.get());
    if (going.isPresent()) {
      return going;
    }
    NodeSnapshot other = guard.node(kept.copy()).look();
    if (replace.cause() == Action.ReplacePod.Cause.STUCK) {
      return notServing(other, kept.id());
    }
    String ip = pod.ip();
    if (ip == null) {
      return Optional.of("pod " + pod.name() + " has no address");
    }
    NodeSnapshot self = guard.node(pod, ip).look();
    return Succession.trouble(self)
        .or(() -> Succession.trouble(other))
        .or(() ->
            self.isMaster()
                ? Succession.whyNotSucceeding(other, self)
                    .or(() -> Succession.whyNotHeard(self, kept.copy().ip()))
                : behind(self, other));
  }

  /** For a replica: the copy is its master, or another replica of the same master. */
  private static Optional<String> behind(NodeSnapshot self, NodeSnapshot copy) {
    if (copy.isMaster()) {
      return Succession.whyNotSucceeding(self, copy);
    }
    boolean same =
        self.isCluster()
            ? Objects.equals(self.table().myself().master(), copy.table().myself().master())
            : Succession.isSameHistory(self, copy);
    return same
        ? Succession.whyNotAsFar(copy, self)
        : Optional.of("the copy follows another master");
  }

  /** For a server that does not run: the copy is the master, and owns all of its slots. */
  private static Optional<String> notServing(NodeSnapshot copy, @Nullable NodeId former) {
    if (!copy.isCluster()) { // a replica where the claim of the primary is about to go
      return copy.isMaster() || copy.replication().linkUp()
          ? Optional.empty()
          : Optional.of("the copy is no primary any more, and in sync with none");
    }
    if (!copy.table().myself().isMaster() || copy.table().myself().slots().isEmpty()) {
      return Optional.of("the copy does not serve any slots");
    }
    boolean owns =
        former != null
            && copy.table().find(former).filter(node -> !node.slots().isEmpty()).isPresent();
    return owns ? Optional.of("no other server has taken over its slots yet") : Optional.empty();
  }

  /** Rule 4, second half: the volume stays for the next pod, and has the server's data. */
  private Optional<String> notOnClaim(Action.ReplacePod replace, PodState pod) {
    ClaimState claim = claims.get(pod.name());
    if (claim == null || !claim.stays()) {
      return Optional.of("the claim of pod " + pod.name() + " does not stay");
    }
    String ip = pod.ip();
    if (replace.cause() == Action.ReplacePod.Cause.STUCK || ip == null) {
      return Optional.empty();
    }
    RedisNode node = guard.node(pod, ip);
    Map<String, String> settings = node.getConfig(List.of("appendonly", "save"));
    boolean persistent =
        "yes".equals(settings.get("appendonly")) || !settings.getOrDefault("save", "").isBlank();
    return persistent
        ? snapshots.missing(pod.uid(), node, now).map(why -> "pod " + pod.name() + ": " + why)
        : Optional.of("the server in pod " + pod.name() + " writes nothing to its volume");
  }

  private Optional<String> going(PodState pod) {
    return Optional.ofNullable(claims.get(pod.name()))
        .filter(ClaimState::terminating)
        .map(claim -> "claim " + claim.name() + " is being deleted");
  }
}
