package io.slotkeeper.mode.standalone.plan;

import io.slotkeeper.model.PodRole;
import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.Member;
import io.slotkeeper.plan.Action;
import java.util.ArrayList;
import java.util.List;

/**
 * The labels that the Services select by: one pod takes writes, and replicas in sync serve reads,
 * or the primary where there is none.
 */
final class StandaloneLabels {

  private StandaloneLabels() {}

  /**
   * First all others lose the label: the Service never leads to two primaries. They get that of a
   * replica when their clients are gone.
   */
  static List<Action> demoted(StandaloneModel model, Server primary) {
    return model.view().members().stream()
        .map(Member::pod)
        .filter(pod -> !pod.uid().equals(primary.pod().uid()) && pod.role() == PodRole.MASTER)
        .<Action>map(pod -> new Action.LabelPod(pod.name(), pod.uid(), PodRole.NONE))
        .toList();
  }

  /** The Service may have led clients to it a moment ago, also where its server is a new one. */
  static List<Action> replicas(StandaloneModel model, Server primary) {
    return model.replicasOf(primary).stream()
        .filter(server -> server.pod().role() == PodRole.NONE && server.follows(primary))
        .<Action>map(server -> new Action.DismissClients(server.ref()))
        .toList();
  }

  static List<Action> promoted(Server primary) {
    PodState pod = primary.pod();
    return pod.role() == PodRole.MASTER
        ? List.of()
        : List.of(new Action.LabelPod(pod.name(), pod.uid(), PodRole.MASTER));
  }

  static List<Action> reads(StandaloneModel model, Server primary) {
    List<Server> inSync =
        model.replicasOf(primary).stream()
            .filter(server -> server.inSyncWith(primary) && server.pod().ready())
            .filter(server -> !server.pod().terminating())
            .toList();
    List<Action> labels = new ArrayList<>();
    for (Member member : model.view().members()) {
      PodState pod = member.pod();
      boolean reads =
          inSync.isEmpty()
              ? pod.uid().equals(primary.pod().uid())
              : inSync.stream().anyMatch(server -> server.pod().uid().equals(pod.uid()));
      if (reads != pod.reads()) {
        labels.add(new Action.LabelReads(pod.name(), pod.uid(), reads));
      }
    }
    return labels;
  }
}
