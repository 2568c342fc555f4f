package io.slotkeeper.report;

import io.slotkeeper.plan.SentinelHealth;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Conditions;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;

/** What the Sentinels of a Redis do for clients, and how that is said. */
final class SentinelConditions {

  private SentinelConditions() {}

  /**
   * @param stopped all pods are gone, as was asked for
   */
  static void set(Conditions conditions, SentinelHealth sentinels, boolean stopped) {
    boolean complete = sentinels.complete();
    conditions.set(
        ConditionType.SentinelsAgree,
        complete,
        complete ? Reason.SentinelsAgree : stopped ? Reason.Halted : Reason.SentinelMissing,
        text(sentinels));
  }

  /** Why clients that ask Sentinels are not served. */
  static Problem unwatched(SentinelHealth sentinels) {
    return sentinels.reachable()
        ? new Problem(Reason.SentinelMissing, text(sentinels))
        : new Problem(
            Reason.NoReadyPod,
            text(sentinels)
                + " None of them is in a pod that is Ready, so their Service leads nowhere.");
  }

  private static String text(SentinelHealth sentinels) {
    return "%d of %d Sentinels name the primary of master name %s."
        .formatted(sentinels.agreeing(), sentinels.wanted(), sentinels.masterName());
  }
}
