package io.slotkeeper.reasons;

import io.slotkeeper.model.Blocker;
import io.slotkeeper.model.Finding;

/** The reason that a condition shows for a finding. */
public final class Reasons {

  private Reasons() {}

  public static Reason of(Blocker.Kind kind) {
    return switch (kind) {
      case PAUSED -> Reason.MigrationPaused;
      case UPDATING -> Reason.WaitingForUpdate;
      case HEALING -> Reason.Healing;
      case MEMORY -> Reason.InsufficientMemory;
    };
  }

  public static Reason of(Finding.Kind kind) {
    return switch (kind) {
      case FOREIGN_NODE -> Reason.ForeignNode;
      case SHARD_LOST -> Reason.ShardLost;
      case CLAIM_WITHOUT_POD -> Reason.ClaimWithoutPod;
      case MAJORITY_LOST -> Reason.MajorityLost;
      case WRONG_PASSWORD -> Reason.WrongPassword;
      case BUSY -> Reason.ServerBusy;
      case MAX_CLIENTS -> Reason.MaxClientsReached;
      case NOT_PERMITTED -> Reason.CommandNotPermitted;
      case SERVER_ERROR -> Reason.ServerError;
      case NODE_NOT_READY -> Reason.NodeNotReady;
      case DISK -> Reason.DiskNotWritable;
      case CLAIM_TERMINATING -> Reason.ClaimTerminating;
      case OUT_OF_MEMORY -> Reason.OutOfMemory;
      case BUS_BLOCKED -> Reason.ClusterBusBlocked;
      case POD_REFUSED -> Reason.PodRefused;
      case POD_REJECTED -> Reason.PodRejected;
      case UNSCHEDULABLE -> Reason.PodUnschedulable;
      case IMAGE -> Reason.ImageNotPulled;
      case CRASHING -> Reason.ServerCrashing;
      case POD_CONFIGURATION -> Reason.PodConfigurationMissing;
      case STRAY_KEYS -> Reason.StrayKeys;
      case MASTER_DOWN -> Reason.MasterDown;
      case REPLICA_DOWN -> Reason.ReplicaMissing;
      case SENTINEL_DOWN -> Reason.SentinelMissing;
      case WAITING -> Reason.WaitingForPods;
      case DISAGREEMENT -> Reason.NodesDisagree;
    };
  }
}
