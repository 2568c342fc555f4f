package io.slotkeeper.execute;

import io.slotkeeper.plan.Action;
import java.util.List;

/** What became of an action. */
public sealed interface Outcome {
  Action action();

  /** The actions that were carried out. */
  static List<Action> done(List<Outcome> outcomes) {
    return outcomes.stream().filter(Done.class::isInstance).map(Outcome::action).toList();
  }

  record Done(Action action) implements Outcome {}

  /** A second look right before showed that it must not be done. Nothing was done. */
  record Refused(Action action, String reason) implements Outcome {}

  /** Done for as long as a pass may take; the next pass sees the progress. */
  record Unfinished(Action action, String reason) implements Outcome {}

  /** It was tried; whether it had an effect is unknown. */
  record Failed(Action action, String reason) implements Outcome {}
}
