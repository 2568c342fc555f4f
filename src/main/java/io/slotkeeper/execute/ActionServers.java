package io.slotkeeper.execute;

import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Safeguard;
import io.slotkeeper.plan.SentinelCommand;
import io.slotkeeper.plan.ServerRef;
import java.util.Optional;
import java.util.stream.Stream;

/** The servers that actions touch. */
final class ActionServers {

  private ActionServers() {}

  /** Aimed at pods or servers as they were seen, which must still be the same. */
  static boolean isAimed(Action action) {
    return action instanceof Action.ReplacePod || of(action).findAny().isPresent();
  }

  /** The server whose address another one is sent, if any. */
  static Optional<ServerRef> introduced(Action action) {
    return switch (action) {
      case Action.Meet a -> Optional.of(a.to());
      case Action.Follow a -> Optional.of(a.primary());
      case Action.TellSentinel _ -> of(action).findFirst();
      default -> Optional.empty();
    };
  }

  /** What an action is sent to: actions with the same receiver run one after the other. */
  static Object receiver(Action action) {
    return switch (action) {
      case Action.TellSentinel told -> told.sentinel();
      case Action.ChangeSentinelPassword change -> change.sentinel();
      default -> of(action).findFirst().<Object>map(server -> server).orElse(action);
    };
  }

  /** The servers an action touches, first the one it is sent to. */
  static Stream<ServerRef> of(Action action) {
    return switch (action) {
      case Action.RecordMembers a -> a.added().stream();
      case Action.AnnotateClaim _,
          Action.AnnotateTerm _,
          Action.LabelPod _,
          Action.LabelReads _,
          Action.TriggerProbe _,
          Action.RefreshFiles _,
          Action.ChangeSentinelPassword _, // a Sentinel shows its own id
          Action.RemoveSentinels _,
          Action.RecordPlacement _,
          Action.NudgeStatefulSet _ ->
          Stream.of();
      case Action.TellSentinel(_, SentinelCommand.Announce a) -> Stream.of(a.primary());
      case Action.TellSentinel(_, SentinelCommand.Monitor a) -> Stream.of(a.primary());
      case Action.TellSentinel(_, SentinelCommand.Configure _) -> Stream.of();
      case Action.TellSentinel(_, SentinelCommand.Unmonitor _) -> Stream.of();
      case Action.SetNodeTimeout a -> Stream.of(a.node());
      case Action.AssignSlots a -> Stream.of(a.node());
      case Action.Meet a -> Stream.of(a.from(), a.to());
      case Action.Replicate a -> Stream.of(a.node());
      case Action.ForceFailover a -> Stream.of(a.replica());
      case Action.Takeover a -> Stream.of(a.failover().replica());
      case Action.PlannedFailover a -> Stream.of(a.replica());
      case Action.ReassignLostSlots a -> Stream.of(a.node());
      case Action.Forget a -> Stream.of(a.node());
      case Action.MoveSlots a ->
          Stream.concat(Stream.of(a.source(), a.destination()), a.others().stream());
      case Action.RepairOpenSlots a -> a.masters().stream();
      case Action.RemoveShard a -> Stream.concat(a.nodes().stream(), a.others().stream());
      case Action.ShrinkShard a -> Stream.of(a.master());
      case Action.BumpEpoch a -> Stream.concat(Stream.of(a.owner()), a.others().stream());
      case Action.ReplacePod a ->
          a.safeguard() instanceof Safeguard.InSync kept ? Stream.of(kept.copy()) : Stream.of();
      case Action.SetConfig a -> Stream.of(a.node());
      case Action.ReloadCertificate a -> Stream.of(a.node());
      case Action.ChangePassword a -> Stream.of(a.node());
      case Action.ChangeUsers a -> Stream.of(a.node());
      case Action.RecordPrimary a -> Stream.of(a.node());
      case Action.Promote a -> Stream.of(a.node());
      case Action.Follow a -> Stream.of(a.node(), a.primary());
      case Action.HandOver a -> Stream.of(a.primary(), a.replica());
      case Action.AbortHandOver a -> Stream.of(a.primary());
      case Action.DismissClients a -> Stream.of(a.replica());
    };
  }
}
