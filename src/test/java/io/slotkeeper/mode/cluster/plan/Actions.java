package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Plan;
import java.util.List;

/** What a plan does of one kind. */
final class Actions {

  private Actions() {}

  static <A extends Action> List<A> of(Plan plan, Class<A> kind) {
    return plan.actions().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  static List<Action> withoutMarks(Plan plan) {
    return plan.actions().stream().filter(a -> !(a instanceof Action.AnnotateClaim)).toList();
  }
}
