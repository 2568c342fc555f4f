package io.slotkeeper.report;

import io.fabric8.kubernetes.api.model.Condition;
import io.slotkeeper.api.MigrationStatus;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.api.ShardStatus;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.PasswordStep;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Conditions;
import io.slotkeeper.reasons.EventRecord;
import io.slotkeeper.reasons.Listing;
import io.slotkeeper.reasons.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The events of a pass: only what changed, so that a quiet resource stays quiet. */
public final class EventRecords {
  /** Reasons why not all is as wanted yet although nothing is wrong. */
  private static final Set<String> PLANNED =
      Set.of(
          Reason.Updating.name(),
          Reason.ChangingPersistence.name(),
          Reason.ChangingPassword.name(),
          Reason.WaitingForDeletion.name());

  /** One event even for a cluster of a thousand shards. */
  private static final int MOST_NAMES = 12;

  private EventRecords() {}

  /**
   * @param lastMasters the pod that was last master of each shard, by the shard's name
   * @param created the kinds and names of objects that were created in this pass
   * @param done the actions that were carried out in this pass
   */
  public static List<EventRecord> of(
      @Nullable RedisStatus before,
      RedisStatus after,
      Map<String, String> lastMasters,
      List<String> created,
      List<Action> done) {
    List<EventRecord> notices = new ArrayList<>();
    if (!created.isEmpty()) {
      notices.add(
          EventRecord.normal(
              "Created", "CreateObjects", "Created " + Listing.of(created, MOST_NAMES) + "."));
    }
    done.forEach(action -> ofAction(action).ifPresent(notices::add));
    forgotten(done).ifPresent(notices::add);
    notices.addAll(passwords(done));
    masters(lastMasters, after, notices);
    migration(before == null ? null : before.migration(), after.migration(), notices);
    conditions(before == null ? List.of() : before.conditions(), after.conditions(), notices);
    return notices;
  }

  private static Optional<EventRecord> ofAction(Action action) {
    return switch (action) {
      case Action.ForceFailover a ->
          Optional.of(
              EventRecord.warning(
                  "FailoverStarted",
                  "ForceFailover",
                  "%s takes over from %s: %s."
                      .formatted(a.replica().pod(), name(a), a.evidence())));
      case Action.Takeover a ->
          Optional.of(
              EventRecord.warning(
                  "TakeoverStarted",
                  "Takeover",
                  "%s takes over from %s without a vote, because %d masters are dead: %s."
                      .formatted(
                          a.failover().replica().pod(),
                          name(a.failover()),
                          a.dead().size(),
                          a.failover().evidence())));
      case Action.PlannedFailover a ->
          Optional.of(
              EventRecord.normal(
                  "HandOverStarted",
                  "HandOver",
                  "%s takes over from %s, as planned: nothing is lost."
                      .formatted(a.replica().pod(), a.masterPod())));
      case Action.Promote a ->
          a.former() == null || a.former().pod().equals(a.node().pod())
              ? Optional.empty()
              : Optional.of(
                  EventRecord.warning(
                      "FailoverStarted",
                      "Failover",
                      "%s takes over from %s: %s."
                          .formatted(a.node().pod(), a.former().pod(), a.evidence())));
      case Action.HandOver a ->
          Optional.of(
              EventRecord.normal(
                  "HandOverStarted",
                  "HandOver",
                  "%s takes over from %s, as planned: nothing is lost."
                      .formatted(a.replica().pod(), a.primary().pod())));
      case Action.ReassignLostSlots a ->
          Optional.of(
              EventRecord.warning(
                  "LossAccepted",
                  "AcceptLoss",
                  "%s gets slots %s, empty: the loss of their data was accepted."
                      .formatted(a.node().pod(), a.slots())));
      case Action.RemoveShard a ->
          Optional.of(
              EventRecord.normal(
                  "ShardRemoved",
                  "RemoveShard",
                  "Shard %d has no slots and no keys left: its pods are deleted."
                      .formatted(a.shard())));
      case Action.ReplacePod a ->
          Optional.of(
              EventRecord.normal(
                  a.cause() == Action.ReplacePod.Cause.SHARED_NODE ? "ReplicaMoved" : "PodReplaced",
                  "ReplacePod",
                  switch (a.cause()) {
                    case OUTDATED ->
                        "Pod %s is replaced: its template has changed.".formatted(a.pod());
                    case STUCK ->
                        "Pod %s is replaced: it does not run, and its template has changed."
                            .formatted(a.pod());
                    case SHARED_NODE ->
                        "Pod %s is replaced, to be placed on another node than its master's."
                            .formatted(a.pod());
                  }));
      case Action.SetConfig a ->
          a.trigger() == Action.SetConfig.Trigger.RESTORED
              ? Optional.of(
                  EventRecord.normal(
                      "SettingRestored",
                      "SetConfig",
                      "%s of %s was %s, which this resource does not ask for: it is %s again."
                          .formatted(a.setting(), a.node().pod(), a.had(), a.value())))
              : Optional.empty();
      case Action.RecordMembers _,
          Action.RecordPlacement _,
          Action.NudgeStatefulSet _,
          Action.AnnotateClaim _,
          Action.AnnotateTerm _,
          Action.RecordPrimary _,
          Action.Follow _,
          Action.AbortHandOver _,
          Action.TellSentinel _,
          Action.RemoveSentinels _,
          Action.DismissClients _,
          Action.LabelPod _,
          Action.LabelReads _,
          Action.TriggerProbe _,
          Action.RefreshFiles _,
          Action.ChangeUsers _, // see the status of each RedisUser
          Action.ReloadCertificate _, // the status counts them
          Action.ChangePassword _, // see passwords
          Action.ChangeSentinelPassword _,
          Action.SetNodeTimeout _,
          Action.AssignSlots _,
          Action.Meet _,
          Action.Replicate _,
          Action.MoveSlots _,
          Action.RepairOpenSlots _,
          Action.ShrinkShard _,
          Action.BumpEpoch _,
          Action.Forget _ ->
          Optional.empty();
    };
  }

  private static String name(Action.ForceFailover failover) {
    return failover.masterPod() == null ? failover.master().brief() : failover.masterPod();
  }

  private static Optional<EventRecord> forgotten(List<Action> done) {
    List<String> ids =
        done.stream()
            .filter(Action.Forget.class::isInstance)
            .map(action -> ((Action.Forget) action).id().brief())
            .distinct()
            .toList();
    return ids.isEmpty()
        ? Optional.empty()
        : Optional.of(
            EventRecord.normal(
                "NodesForgotten",
                "Forget",
                "Removed nodes that no pod has any more: " + String.join(", ", ids) + "."));
  }

  private static List<EventRecord> passwords(List<Action> done) {
    List<EventRecord> notices = new ArrayList<>();
    List<String> accepting = pods(done, PasswordStep.ACCEPT);
    if (!accepting.isEmpty()) {
      notices.add(
          EventRecord.normal(
              "PasswordAccepted",
              "ChangePassword",
              "Accepting the new password beside the former one: %s."
                  .formatted(Listing.of(accepting, MOST_NAMES))));
    }
    List<String> exclusive = pods(done, PasswordStep.DROP);
    if (!exclusive.isEmpty()) {
      notices.add(
          EventRecord.normal(
              "PasswordRemoved",
              "ChangePassword",
              "Accepting no other password any more: %s."
                  .formatted(Listing.of(exclusive, MOST_NAMES))));
    }
    return notices;
  }

  private static List<String> pods(List<Action> done, PasswordStep step) {
    return done.stream()
        .<String>mapMulti((action, pods) -> {
          if (action instanceof Action.ChangePassword a && a.step() == step) {
            pods.accept(a.node().pod());
          } else if (action instanceof Action.ChangeSentinelPassword a && a.step() == step) {
            pods.accept(a.sentinel().pod());
          }
        })
        .sorted()
        .toList();
  }

  private static void masters(
      Map<String, String> lastMasters, RedisStatus after, List<EventRecord> notices) {
    boolean sharded = Conditions.find(after.conditions(), ConditionType.PrimaryAvailable).isEmpty();
    for (ShardStatus shard : after.shards()) {
      String old = lastMasters.get(shard.name());
      if (old != null
          && shard.master() != null
          && (shard.slotCount() > 0 || !sharded)
          && !old.equals(shard.master())) {
        notices.add(
            EventRecord.normal(
                "FailedOver",
                "Failover",
                sharded
                    ? "%s is master of slots %s in place of %s."
                        .formatted(shard.master(), shard.slots(), old)
                    : "%s is primary in place of %s.".formatted(shard.master(), old)));
      }
    }
  }

  private static void migration(
      @Nullable MigrationStatus before,
      @Nullable MigrationStatus after,
      List<EventRecord> notices) {
    if (before == null && after != null) {
      notices.add(
          EventRecord.normal(
              "SlotMigrationStarted",
              "MoveSlots",
              "%d slots with about %d keys are to move."
                  .formatted(after.remainingSlots(), after.remainingKeys())));
    } else if (before != null && after == null) {
      notices.add(
          EventRecord.normal(
              "SlotsMigrated",
              "MoveSlots",
              "%d slots with about %d keys have moved; every shard has its share."
                  .formatted(
                      before.movedSlots() + before.remainingSlots(),
                      before.movedKeys() + before.remainingKeys())));
    }
  }

  private static void conditions(
      List<Condition> before, List<Condition> after, List<EventRecord> notices) {
    boolean healing = Conditions.isTrue(after, ConditionType.Progressing);
    for (Condition now : after) {
      ConditionType type = ConditionType.valueOf(now.getType());
      Optional<Condition> old = Conditions.find(before, type);
      boolean flipped = old.map(c -> !Objects.equals(c.getStatus(), now.getStatus())).orElse(true);
      boolean isTrue = "True".equals(now.getStatus());
      boolean newReason =
          old.map(c -> !Objects.equals(c.getReason(), now.getReason())).orElse(true);
      String note = now.getMessage();
      switch (type) {
        case ClusterFormed -> {
          if (flipped && isTrue) {
            notices.add(EventRecord.normal("ClusterFormed", "Form", note));
          }
        }
        case SentinelsAgree -> {} // Ready and Degraded say what matters
        case Initialized -> {
          if (flipped && isTrue) {
            notices.add(EventRecord.normal("Initialized", "Form", note));
          }
        }
        case Ready -> {
          if (flipped && isTrue) {
            notices.add(EventRecord.normal("Ready", "Observe", note));
          } else if (flipped && old.isPresent()) {
            notices.add(EventRecord.warning("NotReady", "Observe", now.getReason() + ": " + note));
          }
        }
        case Degraded -> {
          // While healing, the reason changes often; report only what is not being worked on.
          if (isTrue && (flipped || (newReason && !healing))) {
            notices.add(EventRecord.warning(now.getReason(), "Observe", note));
          }
        }
        case ConfigurationWarning -> {
          if (isTrue && (flipped || newReason)) {
            notices.add(EventRecord.warning(now.getReason(), "Observe", note));
          }
        }
        case ConfigurationApplied -> {
          if (!isTrue && (flipped || newReason)) {
            boolean planned = PLANNED.contains(now.getReason());
            notices.add(new EventRecord(!planned, now.getReason(), "Apply", note));
          }
        }
        case DataLost -> {
          boolean newMessage =
              old.map(c -> !Objects.equals(c.getMessage(), now.getMessage())).orElse(true);
          if (isTrue && (flipped || newMessage)) {
            notices.add(EventRecord.warning(now.getReason(), "Observe", note));
          }
        }
        case Progressing, SlotsCovered, PrimaryAvailable, ReplicasAttached -> {}
      }
    }
  }
}
