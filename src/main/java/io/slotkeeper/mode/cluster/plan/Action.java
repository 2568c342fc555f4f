package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.mode.cluster.observe.ServerLocations;
import io.slotkeeper.model.AttemptHistory;
import io.slotkeeper.model.PodRef;
import io.slotkeeper.model.PodRole;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.redis.migration.MigrationMethod;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One thing to do. Each is idempotent, and safe to repeat after a crash at any point. */
public sealed interface Action {

  /**
   * Writes down which node ids are ours: before any of them is introduced to another.
   *
   * @param members all of them, by pod
   * @param locations the machines that the servers of each pod may run on
   * @param added those that are new among them: looked at once more before they are written down
   */
  record RecordMembers(
      Map<String, NodeId> members, Map<String, ServerLocations> locations, List<ServerRef> added)
      implements Action {
    public RecordMembers {
      members = Map.copyOf(members);
      locations = Map.copyOf(locations);
      added = List.copyOf(added);
    }
  }

  /** Writes the node id on its volume's claim, where it outlives the Redis. */
  record AnnotateClaim(String pod, NodeId id) implements Action {}

  /**
   * Labels a pod with the role of its server.
   *
   * @param uid of the pod: one that has taken its name since is left alone
   */
  record LabelPod(String pod, String uid, PodRole role) implements Action {}

  /** Sets how long a node may be silent: short while the cluster is empty, then as wanted. */
  record SetNodeTimeout(ServerRef node, long millis) implements Action {}

  /**
   * Makes a blank node the owner of slots that nobody owns.
   *
   * @param epoch its first configuration epoch, different for each master
   */
  record AssignSlots(ServerRef node, long epoch, SlotSet slots) implements Action {}

  /**
   * Introduces one node to another; between acquaintances: pushes the first one's state.
   *
   * @param acquainted they know each other, and reach each other
   */
  record Meet(ServerRef from, ServerRef to, boolean acquainted) implements Action {}

  /** Makes a node that holds no data of its own a replica of its shard's master. */
  record Replicate(ServerRef node, NodeId master, String masterPod) implements Action {}

  /**
   * Makes a replica the master of its shard, because the master is dead.
   *
   * @param master who is dead
   * @param masterPod the pod it lived in; null where no pod has that id any more
   * @param replicationId of the replica's data
   * @param evidence what proves the death, for people
   */
  record ForceFailover(
      ServerRef replica,
      NodeId master,
      @Nullable String masterPod,
      String replicationId,
      String evidence)
      implements Action {}

  /**
   * Makes a replica the master of its shard without asking anybody, because so many masters are
   * dead that no vote can be won.
   *
   * @param failover of whom, and what proves the death
   * @param dead all masters that are proven dead
   */
  record Takeover(ForceFailover failover, List<Dead> dead) implements Action {
    public Takeover {
      dead = List.copyOf(dead);
    }
  }

  /**
   * A master that is proven dead.
   *
   * @param pod it lived in; empty where no pod has that id any more
   * @param kubernetesNodes the machines it may have run on; empty where that is not known
   */
  record Dead(NodeId master, String pod, Set<String> kubernetesNodes) {
    public Dead {
      kubernetesNodes = Set.copyOf(kubernetesNodes);
    }
  }

  /**
   * Has a living master hand its slots over to a replica that is in sync: the planned failover, in
   * which nothing acknowledged is lost.
   *
   * @param masterPod the pod the master lives in
   */
  record PlannedFailover(ServerRef replica, NodeId master, String masterPod) implements Action {}

  /**
   * Gives slots whose data is lost to an empty node, because the user has given the data up.
   *
   * @param lost the former owner; null where no server knows of one
   * @param pods all that must be there and say that they are somebody else
   * @param foreignReplicationIds replication ids that replicas of the lost owner have, and that are
   *     not its own
   */
  record ReassignLostSlots(
      ServerRef node,
      @Nullable NodeId lost,
      SlotSet slots,
      Set<String> pods,
      Set<String> foreignReplicationIds)
      implements Action {
    public ReassignLostSlots {
      pods = Set.copyOf(pods);
      foreignReplicationIds = Set.copyOf(foreignReplicationIds);
    }
  }

  /**
   * Moves slots with their keys from one master to another, for a bounded time: what is left is
   * seen at the next look.
   *
   * @param others the other masters, who are told of the new owner
   * @param method the best that all servers of the cluster can do
   * @param first the destination has no slots yet, so it needs what does not come with them
   * @param maxPauseMillis how long one batch may keep a server from serving
   */
  record MoveSlots(
      ServerRef source,
      ServerRef destination,
      List<ServerRef> others,
      SlotSet slots,
      MigrationMethod method,
      boolean first,
      int maxPauseMillis)
      implements Action {
    public MoveSlots {
      others = List.copyOf(others);
    }
  }

  /**
   * Closes slots that an interrupted move left open, by finishing or undoing it, and brings keys to
   * the owner of their slot.
   *
   * @param masters all of the cluster
   * @param suspected slots that may have keys on another master than their owner, besides those
   *     that are open
   */
  record RepairOpenSlots(List<ServerRef> masters, SlotSet suspected) implements Action {
    public RepairOpenSlots {
      masters = List.copyOf(masters);
    }
  }

  /**
   * Removes a shard that has nothing left: its StatefulSet, and its volumes where the termination
   * policy says so.
   *
   * @param nodes those of the shard
   * @param others all others, who must agree that it has nothing
   */
  record RemoveShard(int shard, List<ServerRef> nodes, List<ServerRef> others) implements Action {
    public RemoveShard {
      nodes = List.copyOf(nodes);
      others = List.copyOf(others);
    }
  }

  /**
   * Has an owner of slots take an epoch greater than any, for somebody does not believe it.
   *
   * @param others all others, who must not claim its slots
   */
  record BumpEpoch(ServerRef owner, List<ServerRef> others) implements Action {
    public BumpEpoch {
      others = List.copyOf(others);
    }
  }

  /**
   * Lets the last pods of a shard go; its master is not one of them.
   *
   * @param pods how many stay
   */
  record ShrinkShard(int shard, int pods, ServerRef master) implements Action {}

  /**
   * Makes a node drop an id that no pod has any more.
   *
   * @param owner it owns slots, which that frees: only where nothing was ever written
   */
  record Forget(ServerRef node, NodeId id, boolean owner) implements Action {}

  /**
   * Deletes a pod, so that its StatefulSet makes it again.
   *
   * @param safeguard why no data is lost by that
   * @param others the pods that must exist, be ready and stay; empty where the pod serves nothing
   */
  record ReplacePod(PodRef pod, Cause cause, Safeguard safeguard, Set<String> others)
      implements Action {
    public ReplacePod {
      others = Set.copyOf(others);
    }

    /** What a new pod is to mend. */
    public enum Cause {
      /** It was made from an older template. */
      OUTDATED,
      /** It does not run, and its template has changed since it was made. */
      STUCK,
      /** It is on the Kubernetes node of its master, and another one is free. */
      SHARED_NODE
    }
  }

  /** Writes down on the StatefulSet of a shard that a pod is about to be placed again. */
  record RecordPlacement(int shard, AttemptHistory moves) implements Action {}

  /**
   * Changes an annotation of a StatefulSet that lacks pods, so that its controller tries again.
   *
   * @param nudges with this one
   */
  record NudgeStatefulSet(int shard, AttemptHistory nudges) implements Action {}

  /**
   * Gives a running server a setting.
   *
   * @param value as {@code CONFIG SET} takes it
   * @param had the value that it has now; null where it does not know the setting
   */
  record SetConfig(
      ServerRef node, String setting, String value, @Nullable String had, Trigger trigger)
      implements Action {

    /** Why now. */
    public enum Trigger {
      /** The resource asks for another value than before. */
      CHANGED,
      /** The process is new, or was not looked at before: an older file, or another hand. */
      FOUND,
      /** It had the value, and another hand has changed it. */
      RESTORED
    }
  }
}
