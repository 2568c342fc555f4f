package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.model.Finding;
import io.slotkeeper.observe.AcceptedLosses;
import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.resources.PodName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Slots whose data is gone, with all its copies. They stay without a server until the user accepts
 * that; only then does an empty node of a shard without a master get them.
 *
 * <p>It gets them with an epoch greater than that of the lost owner, so that the others accept it
 * when they hear of it, and no node forgets the owner before that: an interruption leaves the slots
 * with either the lost owner or the new one, and never with no owner at all.
 */
final class LostSlots {

  private LostSlots() {}

  /**
   * Slots without a copy.
   *
   * @param owner the lost master; null where no server knows of one any more
   * @param replacement the empty node that is to have them, if there is one
   */
  private record Loss(@Nullable NodeId owner, SlotSet slots, Optional<Peer> replacement) {

    /** What the user writes to accept it: bound to this loss and to no later one. */
    Optional<String> token() {
      return owner != null
          ? Optional.of(owner.value())
          : replacement.map(peer -> AcceptedLosses.REPLACED_BY + peer.id());
    }

    boolean isAcceptedBy(AcceptedLosses accepted) {
      return owner != null
          ? accepted.masters().contains(owner)
          : replacement.filter(peer -> accepted.replacements().contains(peer.id())).isPresent();
    }
  }

  /** No server that holds the data will come back, and no replica has a copy. */
  static boolean isLost(ClusterModel cluster, Failovers.Missing missing) {
    return missing.evidence().isPresent()
        && Failovers.isGoneForGood(cluster, missing)
        && Failovers.successor(cluster, missing).isEmpty();
  }

  private static List<Loss> of(ClusterModel cluster) {
    List<Loss> losses = new ArrayList<>();
    if (Formation.isEmpty(cluster)) {
      return losses; // nothing was ever written: the slots are simply assigned again
    }
    Set<Integer> headless =
        IntStream.range(0, cluster.shards())
            .filter(shard -> cluster.masterOf(shard).isEmpty())
            .boxed()
            .collect(Collectors.toSet());
    for (Failovers.Missing missing : Failovers.missing(cluster)) {
      if (isLost(cluster, missing)) {
        SlotSet slots = cluster.ownership().of(missing.master());
        Optional<Integer> shard = best(cluster, headless, slots);
        shard.ifPresent(headless::remove);
        losses.add(
            new Loss(missing.master(), slots, shard.flatMap(index -> replacement(cluster, index))));
      }
    }
    headless.removeIf(shard -> shard >= cluster.topology().shards());
    if (cluster.formed() && cluster.complete()) {
      ownerless(cluster, headless, losses);
    }
    return losses;
  }

  private static void ownerless(ClusterModel cluster, Set<Integer> headless, List<Loss> losses) {
    SlotSet unowned = SlotSet.ALL.minus(cluster.ownership().covered());
    for (int shard : headless.stream().sorted().toList()) {
      SlotSet slots =
          headless.size() == 1 ? unowned : unowned.intersect(cluster.topology().firstSlots(shard));
      if (!slots.isEmpty()) {
        losses.add(new Loss(null, slots, replacement(cluster, shard)));
        unowned = unowned.minus(slots);
      }
    }
    if (!unowned.isEmpty() && headless.size() != 1) {
      losses.add(new Loss(null, unowned, Optional.empty()));
    }
  }

  /** Of the shards without a master, the one that most of the slots were first given to. */
  private static Optional<Integer> best(ClusterModel cluster, Set<Integer> shards, SlotSet slots) {
    return shards.stream()
        .min(
            Comparator.<Integer>comparingInt(
                    shard -> -cluster.topology().firstSlots(shard).intersect(slots).size())
                .thenComparing(Comparator.naturalOrder()));
  }

  private static Optional<Peer> replacement(ClusterModel cluster, int shard) {
    return cluster.shard(shard).stream()
        .filter(peer -> peer.isMaster() && peer.snapshot().keys() == 0)
        .filter(peer -> !cluster.ownership().owns(peer.id()) && !peer.pod().terminating())
        .min(Comparator.comparingInt(peer -> peer.pod().ordinal()));
  }

  static List<Action> plan(ClusterModel cluster) {
    if (!cluster.complete()) {
      return List.of();
    }
    List<Action> actions = new ArrayList<>();
    for (Loss loss : of(cluster)) {
      Optional<Peer> claimingNode = claimingNode(cluster, loss);
      if (claimingNode.isPresent()) {
        if (loss.isAcceptedBy(cluster.view().acceptedLosses())) {
          actions.add(ConfigEpochs.bump(cluster, claimingNode.get()));
        }
        continue;
      }
      loss.replacement()
          .filter(_ -> loss.isAcceptedBy(cluster.view().acceptedLosses()))
          .filter(replacement -> outranks(cluster, replacement, loss.owner()))
          .filter(_ -> volumeHolder(cluster, loss).isEmpty())
          .ifPresent(replacement -> actions.add(accept(cluster, replacement, loss)));
    }
    return actions;
  }

  /** The server whose data the slots get when the loss is accepted; none where they stay empty. */
  private static Optional<Peer> older(ClusterModel cluster, Loss loss) {
    NodeId owner = loss.owner();
    return claimingNode(cluster, loss)
        .or(() ->
            cluster.peers().stream()
                .filter(peer -> peer.snapshot().keys() > 0)
                .filter(peer ->
                    owner != null
                        && owner.equals(peer.self().master())
                        && ReplicationHistory.isOlderCopy(cluster, peer, peer.pod().shard(), owner))
                .findFirst());
  }

  /**
   * The destination was lost during the last commands of a migration, and the source, which has not
   * heard of the new owner, still claims the slots. They stay with the source and its data.
   */
  private static Optional<Peer> claimingNode(ClusterModel cluster, Loss loss) {
    return cluster.peers().stream()
        .filter(peer -> peer.isMaster() && peer.self().slots().intersects(loss.slots()))
        .findFirst();
  }

  private static Action.ReassignLostSlots accept(
      ClusterModel cluster, Peer replacement, Loss loss) {
    Set<String> foreignReplicationIds =
        cluster.peers().stream()
            .filter(peer -> Objects.equals(peer.self().master(), loss.owner()))
            .map(peer -> peer.snapshot().replication().replicationId())
            .collect(Collectors.toSet());
    return new Action.ReassignLostSlots(
        replacement.target(),
        loss.owner(),
        loss.slots(),
        new HashSet<>(cluster.topology().pods()),
        foreignReplicationIds);
  }

  /** The epoch that it takes for itself is greater than that of the lost owner. */
  private static boolean outranks(ClusterModel cluster, Peer replacement, @Nullable NodeId owner) {
    return owner == null
        || cluster.peers().stream()
            .map(peer -> peer.viewOf(owner))
            .filter(Objects::nonNull)
            .mapToLong(ClusterNode::configEpoch)
            .allMatch(epoch -> epoch <= replacement.snapshot().currentEpoch());
  }

  /**
   * A pod that does not answer, and whose volume has the lost id or may have a copy: its claim is
   * annotated. Where no server knows the lost id, it may be any annotated claim, or any that the
   * wanted size has no pod for. If the owner was never seen to answer, also any of the latter
   * without annotation: claims are annotated once all that belong here have been seen.
   */
  private static Optional<String> volumeHolder(ClusterModel cluster, Loss loss) {
    Set<String> answering =
        cluster.peers().stream().map(peer -> peer.pod().name()).collect(Collectors.toSet());
    Map<String, NodeId> marks = cluster.view().remembered().volumes();
    NodeId owner = loss.owner();
    Stream<String> marked =
        marks.keySet().stream()
            .filter(pod ->
                owner == null || owner.equals(marks.get(pod)) || mayBeCopy(cluster, pod, loss));
    Stream<String> surplus =
        surplusClaims(cluster).filter(pod -> owner == null || !marks.containsKey(pod));
    boolean seen = owner != null && cluster.view().remembered().isOwner(owner);
    return (seen ? marked : Stream.concat(marked, surplus))
        .filter(pod -> !answering.contains(pod))
        .min(Comparator.naturalOrder());
  }

  private static Stream<String> surplusClaims(ClusterModel cluster) {
    return cluster.view().claims().stream().filter(pod -> !cluster.topology().pods().contains(pod));
  }

  /** Of the same shard, without a pod in the wanted size: the Redis was recreated with fewer. */
  private static boolean mayBeCopy(ClusterModel cluster, String pod, Loss loss) {
    return cluster.view().pod(pod).isEmpty()
        && PodName.parse(pod)
            .filter(name ->
                loss.replacement().isEmpty()
                    || name.shard() == loss.replacement().get().pod().shard())
            .isPresent();
  }

  /** One for all: a status shows one of each kind. */
  static Optional<Finding> finding(ClusterModel cluster) {
    List<Loss> losses = of(cluster);
    if (losses.isEmpty()) {
      return Optional.empty();
    }
    SlotSet slots = losses.stream().map(Loss::slots).reduce(SlotSet.NONE, SlotSet::plus);
    String owners =
        losses.stream()
            .filter(loss -> loss.owner() != null)
            .map(loss -> "node " + loss.owner())
            .collect(Collectors.joining(", "));
    String text =
        owners.isEmpty()
            ? "The data of slots %s is gone: no server knows which node owned them."
                .formatted(slots)
            : "The data of slots %s is gone: its master (%s) came back empty or not at all, and no replica has a copy."
                .formatted(slots, owners);
    return Optional.of(new Finding(Finding.Kind.SHARD_LOST, text + " " + wayOut(cluster, losses)));
  }

  private static String wayOut(ClusterModel cluster, List<Loss> losses) {
    for (Loss loss : losses) {
      Optional<String> volumeHolder = volumeHolder(cluster, loss);
      if (volumeHolder.isPresent()) {
        return OrphanedClaims.recoveryAdvice(cluster.topology(), volumeHolder.get());
      }
    }
    AcceptedLosses accepted = cluster.view().acceptedLosses();
    List<Loss> open = losses.stream().filter(loss -> !loss.isAcceptedBy(accepted)).toList();
    if (open.isEmpty()) {
      return "The loss is accepted: an empty node is to get them once every pod answers.";
    }
    List<String> tokens = losses.stream().flatMap(loss -> loss.token().stream()).toList();
    if (!cluster.complete()) {
      return "Wait until every pod answers: one of them may have a copy.";
    }
    boolean volumes = !cluster.view().claims().isEmpty();
    if (tokens.size() < losses.size()) {
      return volumes
          ? "Restore the volumes from a backup."
          : "There is no volume to restore, and no empty server to take them.";
    }
    String older =
        losses.stream()
            .flatMap(loss -> older(cluster, loss).stream())
            .map(peer -> "with the older data that pod " + peer.pod().name() + " has")
            .findFirst()
            .orElse("empty");
    return "%s with `kubectl annotate rd %s --overwrite %s=%s`, which makes the slots available again, %s."
        .formatted(
            volumes
                ? "Restore the volume from a backup; or give the data up"
                : "There is no volume to restore: give the data up",
            cluster.topology().name(),
            AcceptedLosses.ANNOTATION,
            String.join(",", tokens),
            older);
  }
}
