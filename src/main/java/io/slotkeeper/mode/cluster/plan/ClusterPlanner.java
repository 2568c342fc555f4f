package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.model.Finding;
import io.slotkeeper.model.RequeuePace;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Health;
import io.slotkeeper.plan.MissingPods;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.ReadinessProbes;
import io.slotkeeper.plan.ReplicaSpreading;
import io.slotkeeper.plan.Resharding;
import io.slotkeeper.plan.RollingUpdate;
import io.slotkeeper.plan.StuckPods;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.plan.UpdateProgress;
import io.slotkeeper.redis.cluster.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From the wanted and the observed state to what to do next. */
public final class ClusterPlanner {

  private ClusterPlanner() {}

  public static Plan plan(Topology topology, ClusterView view) {
    ClusterModel cluster = ClusterModel.of(topology, view);
    Health health = ClusterHealth.of(cluster);
    List<Finding> findings = Findings.of(cluster, health);
    Optional<Resharding> resharding = Scaling.of(cluster);
    UpdateProgress update = UpdateProgress.of(cluster);
    if (!cluster.membership().foreignNodes().isEmpty()) {
      // With a foreign node present, any introduction may be the one that merges two clusters.
      return new Plan(List.of(), findings, health, RequeuePace.WAITING, resharding, update);
    }
    List<List<Action>> steps = new ArrayList<>();
    List<Action> stuck = StuckPods.plan(cluster);
    boolean forming = Formation.underWay(cluster);
    if (!forming || Formation.mayBegin(cluster)) {
      steps.add(MemberRecords.plan(cluster));
      if (forming) {
        steps.add(Formation.prepare(cluster));
        steps.add(Formation.assignSlots(cluster));
      }
      steps.add(Failovers.plan(cluster));
      // Before anything that adds work to servers that may have no time to spare.
      steps.add(NodeTimeouts.plan(cluster, health.covered()));
      steps.add(ConfigEpochs.plan(cluster));
      steps.add(ClusterMeets.plan(cluster));
      steps.add(ReplicaAssignments.plan(cluster));
      steps.add(LostSlots.plan(cluster));
      steps.add(ForgottenNodes.plan(cluster));
      List<List<Action>> labels = RoleLabels.plan(cluster, health);
      if (!health.covered()) {
        steps.addAll(labels);
      } else {
        boolean settled = steps.stream().allMatch(List::isEmpty);
        steps.add(markVolumes(cluster)); // only a change of size waits for it
        steps.addAll(labels);
        // A pod that does not run may be why a change of size is refused.
        if (settled && stuck.isEmpty()) {
          steps.addAll(Scaling.plan(cluster, resharding));
        }
      }
    } else {
      steps.add(NodeTimeouts.plan(cluster, false));
    }
    // The servers first: nothing that heals waits for a pod.
    steps.add(stuck);
    steps.add(MissingPods.plan(cluster));
    steps.add(ReadinessProbes.plan(cluster));
    if (pace(topology, steps, health, resharding) == RequeuePace.RESTING) {
      steps.addAll(replacements(cluster, health, findings, update));
    }
    RequeuePace pace = pace(topology, steps, health, resharding);
    return new Plan(steps, findings, health, pace, resharding, update);
  }

  /** Pods that run are replaced only while all is well. */
  private static List<List<Action>> replacements(
      ClusterModel cluster, Health health, List<Finding> findings, UpdateProgress update) {
    return update.outdated().isEmpty()
        ? ReplicaSpreading.plan(cluster, health, findings)
        : List.of(RollingUpdate.plan(cluster, health, findings));
  }

  /** Only once the status says that the cluster is formed: an annotated claim says so, too. */
  private static List<Action> markVolumes(ClusterModel cluster) {
    if (!cluster.formed()) {
      return List.of();
    }
    Map<String, NodeId> marks = cluster.view().remembered().volumes();
    return cluster.peers().stream()
        .filter(peer -> cluster.view().claims().contains(peer.pod().name()))
        .filter(peer -> !peer.id().equals(marks.get(peer.pod().name())))
        .<Action>map(peer -> new Action.AnnotateClaim(peer.pod().name(), peer.id()))
        .toList();
  }

  private static RequeuePace pace(
      Topology topology, List<List<Action>> steps, Health health, Optional<Resharding> resharding) {
    // What is blocked or cannot be done now is no reason to hurry.
    boolean idle =
        steps.stream().flatMap(List::stream).allMatch(Action::isMark)
            && resharding.filter(left -> left.blocker().isEmpty()).isEmpty();
    return idle && health.covered() && health.complete(topology.replicas())
        ? RequeuePace.RESTING
        : RequeuePace.EAGER;
  }
}
