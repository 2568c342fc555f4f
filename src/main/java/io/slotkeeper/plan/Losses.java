package io.slotkeeper.plan;

import io.slotkeeper.observe.AcceptedLosses;
import io.slotkeeper.redis.ClusterNode;
import io.slotkeeper.redis.NodeId;
import io.slotkeeper.redis.SlotSet;
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
 * that: only then an empty node of a shard without a master gets them.
 *
 * <p>It gets them with an epoch greater than that of the lost owner, so that the others give them
 * over when they hear of it, and nobody forgets the owner before: an interruption leaves either the
 * lost owner or the new one, and never a slot that nobody ever had.
 */
final class Losses {

  private Losses() {}

  /**
   * Slots without a copy.
   *
   * @param owner the lost master; null where no server knows of one any more
   * @param heir the empty node that is to have them, if there is one
   */
  private record Loss(@Nullable NodeId owner, SlotSet slots, Optional<Peer> heir) {

    /** What the user writes to accept it: bound to this loss, whatever is lost later. */
    Optional<String> token() {
      return owner != null
          ? Optional.of(owner.value())
          : heir.map(peer -> AcceptedLosses.REPLACED_BY + peer.id());
    }

    boolean isAcceptedBy(AcceptedLosses accepted) {
      return owner != null
          ? accepted.masters().contains(owner)
          : heir.filter(peer -> accepted.replacements().contains(peer.id())).isPresent();
    }
  }

  /** No server that holds it will come back, and no replica has a copy. */
  static boolean isLost(Situation situation, Failovers.Missing missing) {
    return missing.evidence().isPresent()
        && Failovers.isGoneForGood(situation, missing)
        && Failovers.successor(situation, missing).isEmpty();
  }

  private static List<Loss> of(Situation situation) {
    List<Loss> losses = new ArrayList<>();
    if (Formation.isEmpty(situation)) {
      return losses; // nothing was ever written: the slots are simply handed out again
    }
    Set<Integer> headless =
        IntStream.range(0, situation.shards())
            .filter(shard -> situation.masterOf(shard).isEmpty())
            .boxed()
            .collect(Collectors.toSet());
    for (Failovers.Missing missing : Failovers.missing(situation)) {
      if (isLost(situation, missing)) {
        SlotSet slots = situation.ownership().of(missing.master());
        Optional<Integer> shard = best(situation, headless, slots);
        shard.ifPresent(headless::remove);
        losses.add(
            new Loss(missing.master(), slots, shard.flatMap(index -> heir(situation, index))));
      }
    }
    headless.removeIf(shard -> shard >= situation.topology().shards());
    if (situation.formed() && situation.complete()) {
      ownerless(situation, headless, losses);
    }
    return losses;
  }

  private static void ownerless(Situation situation, Set<Integer> headless, List<Loss> losses) {
    SlotSet nobodys = SlotSet.ALL.minus(situation.ownership().covered());
    for (int shard : headless.stream().sorted().toList()) {
      SlotSet slots =
          headless.size() == 1
              ? nobodys
              : nobodys.intersect(situation.topology().firstSlots(shard));
      if (!slots.isEmpty()) {
        losses.add(new Loss(null, slots, heir(situation, shard)));
        nobodys = nobodys.minus(slots);
      }
    }
    if (!nobodys.isEmpty() && headless.size() != 1) {
      losses.add(new Loss(null, nobodys, Optional.empty()));
    }
  }

  /** Of the shards without a master the one that most of the slots were first given to. */
  private static Optional<Integer> best(Situation situation, Set<Integer> shards, SlotSet slots) {
    return shards.stream()
        .min(
            Comparator.<Integer>comparingInt(
                    shard -> -situation.topology().firstSlots(shard).intersect(slots).size())
                .thenComparing(Comparator.naturalOrder()));
  }

  private static Optional<Peer> heir(Situation situation, int shard) {
    return situation.shard(shard).stream()
        .filter(peer -> peer.isMaster() && peer.snapshot().keys() == 0)
        .filter(peer -> !situation.ownership().owns(peer.id()) && !peer.pod().terminating())
        .min(Comparator.comparingInt(peer -> peer.pod().ordinal()));
  }

  static List<Action> plan(Situation situation) {
    if (!situation.complete()) {
      return List.of();
    }
    List<Action> actions = new ArrayList<>();
    for (Loss loss : of(situation)) {
      Optional<Peer> claimant = claimant(situation, loss);
      if (claimant.isPresent()) {
        if (loss.isAcceptedBy(situation.view().accepted())) {
          actions.add(Epochs.raise(situation, claimant.get()));
        }
        continue;
      }
      loss.heir()
          .filter(_ -> loss.isAcceptedBy(situation.view().accepted()))
          .filter(heir -> outranks(situation, heir, loss.owner()))
          .filter(_ -> keeper(situation, loss).isEmpty())
          .ifPresent(heir -> actions.add(accept(situation, heir, loss)));
    }
    return actions;
  }

  /**
   * The server with the data that the slots get when the loss is accepted; none where that is
   * nothing.
   */
  private static Optional<Peer> older(Situation situation, Loss loss) {
    NodeId owner = loss.owner();
    return claimant(situation, loss)
        .or(() ->
            situation.peers().stream()
                .filter(peer -> peer.snapshot().keys() > 0)
                .filter(peer ->
                    owner != null
                        && owner.equals(peer.self().master())
                        && Lineage.isOlderCopy(situation, peer, peer.pod().shard(), owner))
                .findFirst());
  }

  /**
   * A move was in its last commands when the one who had got the slots was lost: who gave them has
   * not heard of that, and still says that they are its own. They stay there, with whatever it has.
   */
  private static Optional<Peer> claimant(Situation situation, Loss loss) {
    return situation.peers().stream()
        .filter(peer -> peer.isMaster() && peer.self().slots().intersects(loss.slots()))
        .findFirst();
  }

  private static Action.AcceptLoss accept(Situation situation, Peer heir, Loss loss) {
    Set<String> notCopies =
        situation.peers().stream()
            .filter(peer -> Objects.equals(peer.self().master(), loss.owner()))
            .map(peer -> peer.snapshot().replication().replicationId())
            .collect(Collectors.toSet());
    return new Action.AcceptLoss(
        heir.target(),
        loss.owner(),
        loss.slots(),
        new HashSet<>(situation.topology().pods()),
        notCopies);
  }

  /** The epoch that it takes for itself is greater than that of the lost owner. */
  private static boolean outranks(Situation situation, Peer heir, @Nullable NodeId owner) {
    return owner == null
        || situation.peers().stream()
            .map(peer -> peer.viewOf(owner))
            .filter(Objects::nonNull)
            .mapToLong(ClusterNode::configEpoch)
            .allMatch(epoch -> epoch <= heir.snapshot().currentEpoch());
  }

  /**
   * The pod whose volume has the lost id, or may have a copy: its claim is marked, and that pod
   * does not answer. Where no server knows the lost id it may be any that is marked, or any that
   * the wanted size has no pod for; of an owner that was never seen to answer, any of those that
   * are not marked, for claims are marked once all that belong here have been seen.
   */
  private static Optional<String> keeper(Situation situation, Loss loss) {
    Set<String> answering =
        situation.peers().stream().map(peer -> peer.pod().name()).collect(Collectors.toSet());
    Map<String, NodeId> marks = situation.view().memory().volumes();
    NodeId owner = loss.owner();
    Stream<String> marked =
        marks.keySet().stream()
            .filter(pod ->
                owner == null || owner.equals(marks.get(pod)) || mayBeCopy(situation, pod, loss));
    Stream<String> surplus =
        surplusClaims(situation).filter(pod -> owner == null || !marks.containsKey(pod));
    boolean seen = owner != null && situation.view().memory().isOwner(owner);
    return (seen ? marked : Stream.concat(marked, surplus))
        .filter(pod -> !answering.contains(pod))
        .min(Comparator.naturalOrder());
  }

  private static Stream<String> surplusClaims(Situation situation) {
    return situation.view().claims().stream()
        .filter(pod -> !situation.topology().pods().contains(pod));
  }

  /** Of the same shard, and the wanted size has no pod for it: it was made again, smaller. */
  private static boolean mayBeCopy(Situation situation, String pod, Loss loss) {
    return situation.view().pod(pod).isEmpty()
        && PodName.parse(pod)
            .filter(
                name -> loss.heir().isEmpty() || name.shard() == loss.heir().get().pod().shard())
            .isPresent();
  }

  /** One for all: a status shows one of each kind. */
  static Optional<Finding> finding(Situation situation) {
    List<Loss> losses = of(situation);
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
    return Optional.of(
        new Finding(Finding.Kind.SHARD_LOST, text + " " + wayOut(situation, losses)));
  }

  private static String wayOut(Situation situation, List<Loss> losses) {
    for (Loss loss : losses) {
      Optional<String> keeper = keeper(situation, loss);
      if (keeper.isPresent()) {
        return Size.wayBack(situation.topology(), keeper.get());
      }
    }
    AcceptedLosses accepted = situation.view().accepted();
    List<Loss> open = losses.stream().filter(loss -> !loss.isAcceptedBy(accepted)).toList();
    if (open.isEmpty()) {
      return "The loss is accepted: an empty node is to get them once every pod answers.";
    }
    List<String> tokens = losses.stream().flatMap(loss -> loss.token().stream()).toList();
    if (!situation.complete()) {
      return "Wait until every pod answers: one of them may have a copy.";
    }
    boolean volumes = !situation.view().claims().isEmpty();
    if (tokens.size() < losses.size()) {
      return volumes
          ? "Restore the volumes from a backup."
          : "There is no volume to restore, and no empty server to take them.";
    }
    String older =
        losses.stream()
            .flatMap(loss -> older(situation, loss).stream())
            .map(peer -> "with the older data that pod " + peer.pod().name() + " has")
            .findFirst()
            .orElse("empty");
    return "%s with `kubectl annotate rd %s --overwrite %s=%s`, which makes the slots available again, %s."
        .formatted(
            volumes
                ? "Restore the volume from a backup; or give the data up"
                : "There is no volume to restore: give the data up",
            situation.topology().name(),
            AcceptedLosses.ANNOTATION,
            String.join(",", tokens),
            older);
  }
}
