package io.slotkeeper.plan;

import io.slotkeeper.model.AttemptHistory;
import io.slotkeeper.model.PodRef;
import io.slotkeeper.model.PodRole;
import io.slotkeeper.model.Sorted;
import io.slotkeeper.observe.RememberedShard;
import io.slotkeeper.observe.ServerLocations;
import io.slotkeeper.redis.AcceptedPasswords;
import io.slotkeeper.redis.AclUser;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.redis.migration.MigrationMethod;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One thing to do. Each is idempotent, and safe to repeat after a crash at any point. */
public sealed interface Action {

  /** It changes a mark of a pod that only others read; no server changes by it. */
  default boolean isMark() {
    return this instanceof LabelPod
        || this instanceof LabelReads
        || this instanceof TriggerProbe
        || this instanceof RefreshFiles;
  }

  /** It gives a dead server a successor, so it is in a hurry. */
  default boolean replacesDead() {
    return switch (this) {
      case ForceFailover _, Takeover _ -> true;
      case RecordPrimary a -> a.former() != null;
      case Promote a -> a.former() != null;
      default -> false;
    };
  }

  /**
   * Records which node ids are ours, before any of them is introduced to another.
   *
   * @param members all of them, by pod
   * @param locations the Kubernetes nodes that the server of each pod may run on
   * @param added the new ones among them: they get a second look before they are recorded
   * @param again the pods among those of which another id was recorded before
   */
  record RecordMembers(
      Map<String, NodeId> members,
      Map<String, ServerLocations> locations,
      List<ServerRef> added,
      Set<String> again)
      implements Action {
    public RecordMembers {
      members = Sorted.map(members);
      locations = Sorted.map(locations);
      added = List.copyOf(added);
      again = Sorted.set(again);
    }
  }

  /** Annotates a volume's claim with the node id, which there outlives the Redis. */
  record AnnotateClaim(String pod, NodeId id) implements Action {}

  /**
   * Records which server leads, before it does: whatever happens then, no other is chosen.
   *
   * @param shard its number
   * @param former the primary in whose place it leads, which must be dead; null for none
   * @param members the servers that are ours, by pod, this one among them
   * @param locations the Kubernetes nodes that the server of each pod may run on
   * @param remembered what is remembered of the shard from now on; has an owner
   */
  record RecordPrimary(
      ServerRef node,
      int shard,
      @Nullable Dead former,
      Map<String, NodeId> members,
      Map<String, ServerLocations> locations,
      RememberedShard remembered)
      implements Action {
    public RecordPrimary {
      members = Sorted.map(members);
      locations = Sorted.map(locations);
    }
  }

  /** Annotates the claim of the primary with its term, which there outlives the Redis. */
  record AnnotateTerm(String pod, long term) implements Action {}

  /**
   * Makes a server that leads none the primary.
   *
   * @param former the primary in whose place it leads, which must be dead; null for none
   * @param replicationId of its data, which must still be that
   * @param evidence what proves the death, in words for the user; empty without a former one
   */
  record Promote(ServerRef node, @Nullable Dead former, String replicationId, String evidence)
      implements Action {}

  /** Makes a server a replica of the primary; what it has and the primary has not is lost. */
  record Follow(ServerRef node, ServerRef primary) implements Action {}

  /**
   * Makes a primary that waits for the answer of a server that does not answer a primary again: it
   * would block its clients without limit.
   */
  record AbortHandOver(ServerRef primary) implements Action {}

  /** The primary hands over to a replica that is in sync, and no acknowledged write is lost. */
  record HandOver(ServerRef primary, ServerRef replica) implements Action {}

  /** Sends a Sentinel a command. */
  record TellSentinel(SentinelRef sentinel, SentinelCommand command) implements Action {}

  /** Removes the Sentinels of a Redis whose mode has none any more. */
  record RemoveSentinels() implements Action {}

  /**
   * Closes the connections that clients have to a server that was primary, as long as the Service
   * may still lead new ones to it; then labels its pod as that of a replica. That there is no label
   * until then remembers what is still to be done.
   */
  record DismissClients(ServerRef replica) implements Action {}

  /**
   * Labels a pod as one that serves reads, or not.
   *
   * @param uid of the pod: a later pod of the same name is left alone
   */
  record LabelReads(String pod, String uid, boolean reads) implements Action {}

  /** Makes users of a running server what they are to be, and removes others of ours. */
  record ChangeUsers(ServerRef node, List<AclUser> users, Set<String> removed) implements Action {}

  /**
   * Changes an annotation of a pod, so that the kubelet runs its readiness probe at once.
   *
   * @param uid of the pod: a later pod of the same name is left alone
   * @param probes the history including this one
   */
  record TriggerProbe(String pod, String uid, AttemptHistory probes) implements Action {}

  /** Has a running server read its certificate, key and authorities again. */
  record ReloadCertificate(ServerRef node) implements Action {}

  /** Takes a running server one step on in the change of the password. */
  record ChangePassword(ServerRef node, PasswordStep step, AcceptedPasswords passwords)
      implements Action {}

  /**
   * The same for a Sentinel.
   *
   * @param master the name of the primary that it monitors; empty where it monitors none
   */
  record ChangeSentinelPassword(
      SentinelRef sentinel, String master, PasswordStep step, AcceptedPasswords passwords)
      implements Action {}

  /**
   * Changes an annotation of a pod, so that the kubelet reads the Secrets that it mounts at once,
   * and not within a minute or so.
   *
   * @param uid of the pod: a later pod of the same name is left alone
   * @param change which change of the Secret this is for
   */
  record RefreshFiles(String pod, String uid, String change) implements Action {}

  /**
   * Labels a pod with the role of its server.
   *
   * @param uid of the pod: a later pod of the same name is left alone
   */
  record LabelPod(String pod, String uid, PodRole role) implements Action {}

  /** Sets the node timeout: short while the cluster is empty, then as wanted. */
  record SetNodeTimeout(ServerRef node, long millis) implements Action {}

  /**
   * Makes a blank node the owner of slots that no node owns.
   *
   * @param epoch its first config epoch, different for each master
   */
  record AssignSlots(ServerRef node, long epoch, SlotSet slots) implements Action {}

  /**
   * Introduces one node to another; if they know each other, this pushes the first one's state.
   *
   * @param acquainted they know and reach each other
   */
  record Meet(ServerRef from, ServerRef to, boolean acquainted) implements Action {}

  /** Makes a node that holds no data of its own a replica of its shard's master. */
  record Replicate(ServerRef node, NodeId master, String masterPod) implements Action {}

  /**
   * Makes a replica the master of its shard, because the master is dead.
   *
   * @param master the dead master's id
   * @param masterPod the pod it ran in; null where no pod has that id any more
   * @param replicationId of the replica's data
   * @param evidence what proves the death, in words for the user
   */
  record ForceFailover(
      ServerRef replica,
      NodeId master,
      @Nullable String masterPod,
      String replicationId,
      String evidence)
      implements Action {}

  /**
   * Makes a replica the master of its shard without a vote, because so many masters are dead that
   * no vote can be won.
   *
   * @param failover the failover to force, with the proof of the death
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
   * @param pod it ran in; empty where no pod has that id any more
   * @param kubernetesNodes those it may have run on; empty where unknown
   */
  record Dead(NodeId master, String pod, Set<String> kubernetesNodes) {
    public Dead {
      kubernetesNodes = Sorted.set(kubernetesNodes);
    }
  }

  /**
   * The planned failover: a living master hands its slots over to a replica that is in sync, and no
   * acknowledged write is lost.
   *
   * @param masterPod the pod the master runs in
   */
  record PlannedFailover(ServerRef replica, NodeId master, String masterPod) implements Action {}

  /**
   * Gives slots whose data is lost to an empty node, because the user has given the data up.
   *
   * @param lost the former owner; null where no server knows of one
   * @param pods all of them must exist and show another node id than the lost one
   * @param foreignReplicationIds replication ids that replicas of the lost owner have and that are
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
      pods = Sorted.set(pods);
      foreignReplicationIds = Sorted.set(foreignReplicationIds);
    }
  }

  /**
   * Moves slots with their keys from one master to another, for a bounded time; the next pass sees
   * what is left.
   *
   * @param others the other masters, which are sent the new owner
   * @param method the best one that every server of the cluster supports
   * @param first the destination has no slots yet, so it first needs what does not come with them
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
   * @param suspected slots other than the open ones that may have keys on a master that does not
   *     own them
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
   * @param others all others, which must agree that it has nothing
   */
  record RemoveShard(int shard, List<ServerRef> nodes, List<ServerRef> others) implements Action {
    public RemoveShard {
      nodes = List.copyOf(nodes);
      others = List.copyOf(others);
    }
  }

  /**
   * Has a slot owner that some server does not believe take an epoch greater than any other.
   *
   * @param others all others, which must not claim its slots
   */
  record BumpEpoch(ServerRef owner, List<ServerRef> others) implements Action {
    public BumpEpoch {
      others = List.copyOf(others);
    }
  }

  /**
   * Removes the last pods of a shard; its master is not one of them.
   *
   * @param pods how many stay
   */
  record ShrinkShard(int shard, int pods, ServerRef master) implements Action {}

  /**
   * Makes a node forget an id that no pod has any more.
   *
   * @param owner the id owns slots, which this frees: only where nothing was ever written
   */
  record Forget(ServerRef node, NodeId id, boolean owner) implements Action {}

  /**
   * Deletes a pod, so that its StatefulSet recreates it.
   *
   * @param safeguard why this loses no data
   * @param others pods that must exist, be ready and stay; empty where the pod serves nothing
   */
  record ReplacePod(PodRef pod, Cause cause, Safeguard safeguard, Set<String> others)
      implements Action {
    public ReplacePod {
      others = Sorted.set(others);
    }

    /** What the new pod is to fix. */
    public enum Cause {
      /** It was created from an older template. */
      OUTDATED,
      /** It does not run, and its template has changed since it was created. */
      STUCK,
      /** It shares the Kubernetes node of its master, and another one is free. */
      SHARED_NODE
    }
  }

  /** Records on the StatefulSet of a shard that a pod is about to be placed again. */
  record RecordPlacement(int shard, AttemptHistory moves) implements Action {}

  /**
   * Changes an annotation of a StatefulSet that lacks pods, so that its controller tries again.
   *
   * @param nudges the history including this nudge
   */
  record NudgeStatefulSet(int shard, AttemptHistory nudges) implements Action {}

  /**
   * Gives a running server a setting.
   *
   * @param value as {@code CONFIG SET} takes it
   * @param had its present value; null where the server does not know the setting
   */
  record SetConfig(
      ServerRef node, String setting, String value, @Nullable String had, Trigger trigger)
      implements Action {

    /** Why now. */
    public enum Trigger {
      /** The resource asks for another value than before. */
      CHANGED,
      /** Found on a process that is new or not yet looked at: an older file, or a manual change. */
      FOUND,
      /** It had the value, and a manual change has replaced it. */
      RESTORED
    }
  }
}
