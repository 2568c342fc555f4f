package io.slotkeeper.status;

import io.slotkeeper.observe.AcceptedLosses;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.redis.NodeId;
import java.util.List;
import java.util.Optional;

/** What is accepted as it is, although it does not do what was meant. */
final class Warnings {

  private Warnings() {}

  /** The annotation that accepts a loss of data says something that names no loss. */
  static Optional<Problem> ofAcceptedLosses(ClusterView view) {
    AcceptedLosses accepted = view.accepted();
    if (!accepted.malformed().isEmpty()) {
      return problem(
          "holds '%s', which is no node id (40 hexadecimal digits); several are separated by commas."
              .formatted(String.join("', '", accepted.malformed())));
    }
    List<NodeId> unknown = accepted.unknown(view);
    return unknown.isEmpty()
        ? Optional.empty()
        : problem(
            "names %s, which is no lost master: nothing is done for it. If that loss has been made good, remove the annotation."
                .formatted(String.join(", ", unknown.stream().map(NodeId::value).toList())));
  }

  private static Optional<Problem> problem(String what) {
    return Optional.of(
        new Problem(
            Reason.NothingToAccept, "Annotation " + AcceptedLosses.ANNOTATION + " " + what));
  }
}
