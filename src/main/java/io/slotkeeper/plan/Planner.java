package io.slotkeeper.plan;

import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.redis.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From what is wanted and what is there to what to do next. */
public final class Planner {

  private Planner() {}

  public static Plan plan(Topology topology, ClusterView view) {
    Situation situation = Situation.of(topology, view);
    Health health = Health.of(situation);
    List<Finding> findings = Findings.of(situation, health);
    Optional<Resharding> resharding = Scaling.of(situation);
    Update update = Update.of(situation);
    if (!situation.roster().strangers().isEmpty()) {
      // With a stranger about, any introduction may be the one that merges two clusters.
      return new Plan(List.of(), findings, health, Pace.WAITING, resharding, update);
    }
    List<List<Action>> steps = new ArrayList<>();
    List<Action> stuck = StuckPods.plan(situation);
    boolean forming = Formation.underWay(situation);
    if (!forming || Formation.mayBegin(situation)) {
      steps.add(Remembering.plan(situation));
      if (forming) {
        steps.add(Formation.prepare(situation));
        steps.add(Formation.assignSlots(situation));
      }
      steps.add(Failovers.plan(situation));
      // Before all that is more work for servers that may have none to spare.
      steps.add(Timeouts.plan(situation, health.covered()));
      steps.add(Epochs.plan(situation));
      steps.add(Introductions.plan(situation));
      steps.add(Attachments.plan(situation));
      steps.add(Losses.plan(situation));
      steps.add(Departures.plan(situation));
      List<List<Action>> labels = Roles.plan(situation, health);
      if (!health.covered()) {
        steps.addAll(labels);
      } else {
        boolean settled = steps.stream().allMatch(List::isEmpty);
        steps.add(markVolumes(situation)); // nobody but a change of size waits for it
        steps.addAll(labels);
        // A pod that does not run may be what a change of size is refused for.
        if (settled && stuck.isEmpty()) {
          steps.addAll(Scaling.plan(situation, resharding));
        }
      }
    } else {
      steps.add(Timeouts.plan(situation, false));
    }
    // The servers first: nothing that heals waits for a pod.
    steps.add(stuck);
    steps.add(MissingPods.plan(situation));
    if (pace(topology, steps, health, resharding) == Pace.RESTING) {
      steps.addAll(replacements(situation, health, findings, update));
    }
    Pace pace = pace(topology, steps, health, resharding);
    return new Plan(steps, findings, health, pace, resharding, update);
  }

  /** Pods that run, and are replaced while all is well. */
  private static List<List<Action>> replacements(
      Situation situation, Health health, List<Finding> findings, Update update) {
    return update.outdated().isEmpty()
        ? ReplicaSpreading.plan(situation, health, findings)
        : List.of(RollingUpdate.plan(situation, health, findings));
  }

  /** Only once the status says that the cluster is formed: a marked claim says so, too. */
  private static List<Action> markVolumes(Situation situation) {
    if (!situation.formed()) {
      return List.of();
    }
    Map<String, NodeId> marks = situation.view().memory().volumes();
    return situation.peers().stream()
        .filter(peer -> situation.view().claims().contains(peer.pod().name()))
        .filter(peer -> !peer.id().equals(marks.get(peer.pod().name())))
        .<Action>map(peer -> new Action.MarkVolume(peer.pod().name(), peer.id()))
        .toList();
  }

  private static Pace pace(
      Topology topology, List<List<Action>> steps, Health health, Optional<Resharding> resharding) {
    // What is held, or cannot be done now, is no reason to hurry.
    boolean idle =
        steps.stream().flatMap(List::stream).allMatch(Action.LabelPod.class::isInstance)
            && resharding.filter(left -> left.hold().isEmpty()).isEmpty();
    return idle && health.covered() && health.complete(topology.replicas())
        ? Pace.RESTING
        : Pace.EAGER;
  }
}
