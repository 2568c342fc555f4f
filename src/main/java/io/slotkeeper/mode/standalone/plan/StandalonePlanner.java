package io.slotkeeper.mode.standalone.plan;

import io.slotkeeper.model.Finding;
import io.slotkeeper.model.RequeuePace;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Health;
import io.slotkeeper.plan.MissingPods;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.ReadinessProbes;
import io.slotkeeper.plan.ReplicaSpreading;
import io.slotkeeper.plan.RollingUpdate;
import io.slotkeeper.plan.StuckPods;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.plan.UpdateProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From the wanted and the observed state to what to do next. */
public final class StandalonePlanner {

  private StandalonePlanner() {}

  public static Plan plan(Topology topology, ClusterView view) {
    return plan(topology, view, new Electorate.None(view.inventory().sentinels()));
  }

  /**
   * @param electorate others that may elect a primary
   */
  public static Plan plan(Topology topology, ClusterView view, Electorate electorate) {
    StandaloneModel seen = StandaloneModel.of(topology, view, electorate);
    Lead lead = Election.of(seen);
    StandaloneModel model = seen.ledBy(lead);
    Health health = StandaloneHealth.of(model, lead);
    List<Finding> findings = StandaloneFindings.of(model, lead, health);
    UpdateProgress update = UpdateProgress.of(model);
    List<List<Action>> steps = new ArrayList<>();
    List<Action> stuck = StuckPods.plan(model);
    switch (lead) {
      case Lead.Elected elected -> elect(model, elected, steps);
      case Lead.Leads(Server primary, boolean recorded) -> {
        keep(model, primary, recorded, steps);
        boolean settled = steps.stream().allMatch(List::isEmpty);
        if (settled && stuck.isEmpty() && health.covered()) {
          steps.add(Replicas.scaleDown(model, primary));
        }
      }
      case Lead.Stuck(Server server, _) ->
          steps.add(List.of(new Action.AbortHandOver(server.ref())));
      case Lead.Undecided _ -> {}
    }
    // The servers first: nothing that heals waits for a pod.
    steps.add(stuck);
    steps.add(MissingPods.plan(model));
    steps.add(ReadinessProbes.plan(model));
    if (pace(topology, steps, health) == RequeuePace.RESTING) {
      model
          .primary()
          .ifPresent(primary -> steps.add(electorate.upkeep(primary.ref(), model.memory().term())));
    }
    if (pace(topology, steps, health) == RequeuePace.RESTING) {
      steps.addAll(
          update.outdated().isEmpty()
              ? ReplicaSpreading.plan(model, health, findings)
              : List.of(RollingUpdate.plan(model, health, findings)));
    }
    findings.addAll(electorate.findings());
    return new Plan(
        steps,
        findings,
        health,
        pace(topology, steps, health),
        Optional.empty(),
        update,
        electorate.health(model.primary().map(Server::ref), model.memory().term()).orElse(null));
  }

  private static void elect(StandaloneModel model, Lead.Elected elected, List<List<Action>> steps) {
    Server server = elected.server();
    steps.add(List.of(PrimaryRecords.primary(model, server, elected.former())));
    steps.add(StandaloneLabels.demoted(model, server));
    steps.add(
        List.of(
            new Action.Promote(
                server.ref(),
                elected.former(),
                server.link().replicationId(),
                elected.evidence())));
    steps.add(published(model, server, model.nextTerm(server)));
    steps.add(Replicas.follow(model, server));
  }

  /** Clients are led to the primary: by the Services, and by those that tell its address. */
  private static List<Action> published(StandaloneModel model, Server primary, long term) {
    List<Action> actions = new ArrayList<>(StandaloneLabels.promoted(primary));
    actions.addAll(model.electorate().announcements(primary.ref(), term));
    return actions;
  }

  private static void keep(
      StandaloneModel model, Server primary, boolean recorded, List<List<Action>> steps) {
    steps.add(
        recorded
            ? PrimaryRecords.members(model, primary)
            : List.of(PrimaryRecords.primary(model, primary, null)));
    steps.add(StandaloneLabels.demoted(model, primary));
    steps.add(
        published(model, primary, recorded ? model.memory().term() : model.nextTerm(primary)));
    steps.add(Replicas.follow(model, primary));
    steps.add(StandaloneLabels.replicas(model, primary));
    steps.add(StandaloneLabels.reads(model, primary));
    if (recorded) {
      steps.add(term(model, primary));
    }
  }

  /** Only once the status says so: an annotated claim says that the Redis had data. */
  private static List<Action> term(StandaloneModel model, Server primary) {
    String pod = primary.pod().name();
    return model
        .view()
        .inventory()
        .claimOf(pod)
        .filter(claim -> claim.term() < model.memory().term())
        .<List<Action>>map(_ -> List.of(new Action.AnnotateTerm(pod, model.memory().term())))
        .orElse(List.of());
  }

  private static RequeuePace pace(Topology topology, List<List<Action>> steps, Health health) {
    boolean idle = steps.stream().flatMap(List::stream).allMatch(Action::isMark);
    return idle && health.covered() && health.complete(topology.replicas())
        ? RequeuePace.RESTING
        : RequeuePace.EAGER;
  }
}
