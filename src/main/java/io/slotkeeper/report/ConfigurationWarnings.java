package io.slotkeeper.report;

import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.AcceptedLosses;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.plan.Health;
import io.slotkeeper.plan.ReplicaPlacement;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.redis.cluster.NodeId;
import java.util.List;
import java.util.Optional;

/** What is accepted although it does not do what was meant. */
final class ConfigurationWarnings {

  private ConfigurationWarnings() {}

  /** The annotation that accepts a data loss contains an entry that names no loss. */
  static Optional<Problem> ofAcceptedLosses(ClusterView view) {
    AcceptedLosses accepted = view.acceptedLosses();
    if (!accepted.malformed().isEmpty()) {
      return problem(
          "holds '%s', which is not a node id (40 hexadecimal digits); separate several with commas."
              .formatted(String.join("', '", accepted.malformed())));
    }
    List<NodeId> unknown = accepted.unknown(view);
    return unknown.isEmpty()
        ? Optional.empty()
        : problem(
            "names %s, which is not a lost master, so nothing is done. If that loss has been repaired, remove the annotation."
                .formatted(String.join(", ", unknown.stream().map(NodeId::value).toList())));
  }

  /** A server was killed for lack of memory, and runs again: it may happen again. */
  static Optional<Problem> ofMemory(ClusterView view) {
    return view.members().stream()
        .map(Member::pod)
        .filter(pod -> pod.container() == PodState.Container.RUNNING)
        .flatMap(pod ->
            Optional.ofNullable(pod.trouble())
                .filter(trouble -> trouble.kind() == PodState.Trouble.Kind.OUT_OF_MEMORY)
                .map(trouble -> "Pod " + pod.name() + ": " + trouble.message() + ".")
                .stream())
        .findFirst()
        .map(message -> new Problem(Reason.OutOfMemory, message));
  }

  /** One Kubernetes node has two copies of the same slots, and another one has none. */
  static Optional<Problem> ofPlacement(Health health, ClusterView view) {
    return ReplicaPlacement.of(health, view).stream()
        .findFirst()
        .map(pair ->
            new Problem(
                Reason.CopiesTogether,
                "Pods %s and %s have copies of the same slots and are both on Kubernetes node %s, while %s is free. The operator replaces the replica, so that it is placed again; if it comes back to %s, its volume keeps it there, or the other node has no room."
                    .formatted(
                        pair.master(),
                        pair.replica().name(),
                        pair.host(),
                        pair.free(),
                        pair.host())));
  }

  private static Optional<Problem> problem(String what) {
    return Optional.of(
        new Problem(
            Reason.NothingToAccept, "Annotation " + AcceptedLosses.ANNOTATION + " " + what));
  }
}
