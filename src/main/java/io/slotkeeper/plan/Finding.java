package io.slotkeeper.plan;

/**
 * Something that keeps a Redis from being as it should.
 *
 * @param message a sentence for the user: what it is, and what to do where the user must
 */
public record Finding(Kind kind, String message) {

  /** The order is that of importance: the first is what a summary shows. */
  public enum Kind {
    /** A node that is not ours, or holds data that is not known to be ours. */
    FOREIGN_NODE(true),
    /** A shard's slots have no living copy. */
    SHARD_LOST(true),
    /** Too few masters live to agree on anything. */
    MAJORITY_LOST(false),
    /** A server does not take the password of the Secret. */
    WRONG_PASSWORD(true),
    /** Nothing is heard of the machine that a pod is on. */
    HOST_CUT(false),
    /** A server cannot write its data to its disk. */
    DISK(true),
    /** A claim is being deleted that has the only copy of something. */
    CLAIM_TERMINATING(true),
    /** A server was killed for using too much memory. */
    OUT_OF_MEMORY(true),
    /** A pod cannot be placed on any node. */
    UNSCHEDULABLE(true),
    /** An image cannot be pulled. */
    IMAGE(true),
    /** A server ends again and again. */
    CRASHING(true),
    /** Something a pod refers to is missing. */
    POD_CONFIGURATION(true),
    /** A master without slots that holds keys: not known to be a copy of anything. */
    STRAY_KEYS(true),
    /** A master is not there. */
    MASTER_DOWN(false),
    /** A replica is not there, or not in sync. */
    REPLICA_DOWN(false),
    /** Servers have not answered yet. */
    WAITING(false),
    /** Servers do not see the cluster alike yet. */
    DISAGREEMENT(false);

    private final boolean needsUser;

    Kind(boolean needsUser) {
      this.needsUser = needsUser;
    }

    /** Nothing gets better until somebody outside acts. */
    public boolean needsUser() {
      return needsUser;
    }
  }
}
