package io.slotkeeper.mode.cluster.execute;

import io.slotkeeper.mode.cluster.plan.Action;

/** What became of an action. */
public sealed interface Outcome {
  Action action();

  record Done(Action action) implements Outcome {}

  /** A second look right before it showed that it must not be done. Nothing was done. */
  record Refused(Action action, String reason) implements Outcome {}

  /** Done for as long as a pass may take; the next look tells how far it is. */
  record Unfinished(Action action, String reason) implements Outcome {}

  /** It was tried; whether it had an effect is unknown. */
  record Failed(Action action, String reason) implements Outcome {}
}
