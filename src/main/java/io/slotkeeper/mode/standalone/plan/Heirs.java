package io.slotkeeper.mode.standalone.plan;

import io.slotkeeper.model.Finding;
import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.ServerAnswer;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Servers that may be primary although none is recorded: a primary hands over as its pod stops,
 * whether the operator looks or not, and others may have elected one. A second primary beside such
 * a server would lose what one of the two is sent.
 */
final class Heirs {

  private Heirs() {}

  /** Why none may be elected in place of the former primary, if so: one of them is silent. */
  static Optional<Finding> silent(StandaloneModel model, String former) {
    Stream<String> elected =
        model.electorate().choice(model.memory().term()).stream().map(Electorate.Choice::pod);
    return Stream.concat(elected, model.memory().data().copies().stream().sorted())
        .filter(pod -> !pod.equals(former))
        .flatMap(pod -> model.view().pod(pod).stream())
        .filter(Heirs::mayLead)
        .findFirst()
        .map(member -> finding(former, member.pod().name()));
  }

  /** A process is there, as far as is known, and was not just started. */
  private static boolean mayLead(Member member) {
    return member.pod().container() == PodState.Container.RUNNING
        && member.answer() instanceof ServerAnswer.Failed failed
        && !failed.hasEnded();
  }

  private static Finding finding(String former, String pod) {
    return new Finding(
        Finding.Kind.MASTER_DOWN,
        "The primary in pod %s is gone, and may have handed over to pod %s, which does not answer. No other server takes over until it does, for then there would be two primaries. If it does not come back, delete that pod: what it has taken since is lost."
            .formatted(former, pod));
  }
}
