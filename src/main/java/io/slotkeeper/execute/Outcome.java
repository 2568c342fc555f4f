package io.slotkeeper.execute;

import io.slotkeeper.plan.Action;
import java.util.List;

/** What became of an action. */
public sealed interface Outcome {
  Action action();

  /** Nothing was done, and nothing is wrong: it may be tried again, with another look. */
  default boolean isTooLate() {
    return this instanceof Refused refused && refused.cause() == Refused.Cause.TOO_LATE;
  }

  /** The actions that were carried out. */
  static List<Action> done(List<Outcome> outcomes) {
    return outcomes.stream().filter(Done.class::isInstance).map(Outcome::action).toList();
  }

  record Done(Action action) implements Outcome {}

  /** A second look right before showed that it must not be done. Nothing was done. */
  record Refused(Action action, Cause cause, String reason) implements Outcome {
    /** An objection. */
    public Refused(Action action, String reason) {
      this(action, Cause.OBJECTION, reason);
    }

    /** The kind of reason, for machines; the reason itself is for people. */
    public enum Cause {
      /** A server is not the one that was planned with, or does not answer any more. */
      OTHER_SERVER,
      /** A guard found that it would do harm, or has nothing to do any more. */
      OBJECTION,
      /** The second look is too old to act on. */
      TOO_LATE,
      /** The API server did not answer, so nothing could be looked at a second time. */
      UNVERIFIED
    }
  }

  /** Done for as long as a pass may take; the next pass sees the progress. */
  record Unfinished(Action action, String reason) implements Outcome {}

  /** It was tried; whether it had an effect is unknown. */
  record Failed(Action action, String reason) implements Outcome {}
}
