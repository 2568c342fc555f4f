package io.slotkeeper.report;

import io.slotkeeper.plan.Topology;
import io.slotkeeper.plan.UpdateProgress;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What pods lack of their newest template, in words for the user. */
public final class UpdateMessages {

  private UpdateMessages() {}

  /** Empty where every pod has the newest template. */
  public static Optional<Problem> problem(Topology topology, UpdateProgress update) {
    if (!update.held().isEmpty()
        && (!topology.updates().rolling() || update.held().size() == update.outdated().size())) {
      return Optional.of(new Problem(Reason.UpdateHeld, held(topology, update)));
    }
    if (!topology.updates().rolling() && !update.outdated().isEmpty()) {
      return Optional.of(
          new Problem(
              Reason.RestartNeeded,
              "Only a new pod takes the change of the pod template. Delete these pods one at a time, each when all pods are Ready and ReplicasAttached is True: %s."
                  .formatted(String.join(", ", update.outdated()))));
    }
    if (!update.outdated().isEmpty()) {
      return Optional.of(
          new Problem(
              Reason.Updating,
              "Pods are replaced one at a time; %d of %d are still to come."
                  .formatted(update.outdated().size(), topology.pods().size())));
    }
    return Optional.empty();
  }

  private static String held(Topology topology, UpdateProgress update) {
    String why =
        update.held().entrySet().stream()
            .map(entry -> "pod %s %s".formatted(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining("; "));
    List<String> free =
        update.outdated().stream().filter(pod -> !update.held().containsKey(pod)).toList();
    return "These pods keep their older template, because deleting them loses data: %s. Raise %s by one: when Ready is True, there is another copy, and they are replaced. If the server of a pod does not run, and its data is not needed, delete that pod.%s"
        .formatted(
            why,
            topology.replicasField(),
            free.isEmpty()
                ? ""
                : " Delete these pods one at a time, each when all pods are Ready and ReplicasAttached is True: %s."
                    .formatted(String.join(", ", free)));
  }
}
