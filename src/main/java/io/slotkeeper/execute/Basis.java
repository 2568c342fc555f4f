package io.slotkeeper.execute;

import io.slotkeeper.plan.Action;
import java.time.Duration;

/**
 * What an action counts on, how old that may be, and why something older than this moment does no
 * harm. The age of an answer begins with its question, so a slow server uses up some of it. That
 * the right server gets the command is never a matter of age: it goes over the connection over
 * which the server has shown its id ({@link Guard#node(io.slotkeeper.plan.ServerRef)}).
 */
enum Basis {
  /**
   * Objects of the API server, which compares them itself, or to which a repetition is the same.
   */
  OBJECTS(Duration.ofDays(1)),

  /**
   * Which servers these are. All else the server checks itself when the command arrives: it is
   * given no slot that it knows an owner of, and a master with slots or keys becomes no replica. An
   * address that goes to another server ({@link ActionServers#introduced}) must have answered
   * within {@link #VALIDITY}, to a question within {@link #ANSWERED}; where it has not, it is asked
   * again.
   */
  IDENTITY(Duration.ofSeconds(5)),

  /**
   * What all servers say of each other. It changes by the operator's own actions, and those of the
   * same kind can be repeated and undone: a node that was forgotten is introduced again, and only
   * the operator gives slots to a shard that is leaving. A server with keys refuses to be reset.
   */
  SURVEY(Duration.ofSeconds(5)),

  /**
   * The death of a server. One that has started since takes no writes for two seconds
   * (CLUSTER_WRITABLE_DELAY), and none at all outside of a cluster, until it is given a role: so
   * none that it acknowledges is lost.
   */
  DEATH(Duration.ofSeconds(2)),

  /** Who owns what, or is in sync, at this moment. Servers change that by themselves. */
  MOMENT(Duration.ofMillis(500));

  /** Faster than an address can move to a new pod with a running server. */
  static final Duration VALIDITY = MOMENT.longest;

  /** As long as a server may take to answer. */
  static final Duration ANSWERED = DEATH.longest;

  private final Duration longest;

  Basis(Duration longest) {
    this.longest = longest;
  }

  /** How old the oldest answer may be that the action counts on. */
  Duration longest() {
    return longest;
  }

  static Basis of(Action action) {
    return switch (action) {
      case Action.AnnotateClaim _,
          Action.AnnotateTerm _,
          Action.LabelPod _,
          Action.LabelReads _,
          Action.TriggerProbe _,
          Action.RemoveSentinels _,
          Action.RecordPlacement _,
          Action.NudgeStatefulSet _,
          Action.RefreshFiles _ ->
          OBJECTS;
      // What was proven of a server was true; and a former leader overwrites nothing after that.
      case Action.RecordMembers _ -> IDENTITY;
      case Action.SetNodeTimeout _,
          Action.AssignSlots _,
          Action.Meet _,
          Action.Replicate _,
          Action.RepairOpenSlots _, // looks at all masters by itself, before each batch again
          Action.Follow _,
          Action.TellSentinel _,
          Action.ChangeUsers _,
          Action.ReloadCertificate _,
          Action.ChangePassword _, // what it accepts is asked right before
          Action.ChangeSentinelPassword _ ->
          IDENTITY;
      // A value that was set by hand may keep keys from being evicted.
      case Action.SetConfig a ->
          a.trigger() == Action.SetConfig.Trigger.CHANGED ? IDENTITY : MOMENT;
      case Action.Forget _, Action.RemoveShard _ -> SURVEY;
      case Action.ForceFailover _, Action.Takeover _, Action.RecordPrimary _, Action.Promote _ ->
          DEATH;
      case Action.PlannedFailover _,
          Action.ReassignLostSlots _,
          Action.MoveSlots _,
          Action.ShrinkShard _,
          Action.BumpEpoch _,
          Action.ReplacePod _,
          Action.HandOver _,
          Action.AbortHandOver _,
          Action.DismissClients _ ->
          MOMENT;
    };
  }
}
