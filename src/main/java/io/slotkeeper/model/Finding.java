package io.slotkeeper.model;

/**
 * Something that keeps a Redis from being as it should be.
 *
 * @param message a sentence for the user: the cause, and what to do where the user must act
 */
public record Finding(Kind kind, String message) {

  /** In the order of importance: the first is what a summary shows. */
  public enum Kind {
    /** A node that is not ours, or holds data that is not known to be ours. */
    FOREIGN_NODE(true),
    /** A shard's slots have no living copy. */
    SHARD_LOST(true),
    /** A master of slots is on a volume for which the wanted size has no pod. */
    CLAIM_WITHOUT_POD(true),
    /** Too few masters live to agree on anything. */
    MAJORITY_LOST(false),
    /** A server and the Secret do not have the same password. */
    WRONG_PASSWORD(true),
    /** A server runs a script, function or module command, and answers nothing else. */
    BUSY(true),
    /** A server has as many connections as it allows. */
    MAX_CLIENTS(true),
    /** A server forbids commands that the operator needs. */
    NOT_PERMITTED(true),
    /** A server answers with an error that indicates none of the above. */
    SERVER_ERROR(true),
    /** A Kubernetes node that is not Ready has a pod whose server does not answer. */
    NODE_NOT_READY(false),
    /** A server cannot write its data to its disk. */
    DISK(true),
    /** A claim that has the only copy of some data is being deleted. */
    CLAIM_TERMINATING(true),
    /** A server was killed for using too much memory. */
    OUT_OF_MEMORY(true),
    /** Servers cannot reach each other on the cluster bus. */
    BUS_BLOCKED(true),
    /** The API server does not let a pod be created. */
    POD_REFUSED(true),
    /** The kubelet does not run a pod, or cannot prepare its volumes or network. */
    POD_REJECTED(true),
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
    /** A master is missing. */
    MASTER_DOWN(false),
    /** A replica is missing, or not in sync. */
    REPLICA_DOWN(false),
    /** A Sentinel is missing. */
    SENTINEL_DOWN(false),
    /** Servers have not answered yet. */
    WAITING(false),
    /** Servers do not have the same view of the cluster yet. */
    DISAGREEMENT(false);

    private final boolean needsUser;

    Kind(boolean needsUser) {
      this.needsUser = needsUser;
    }

    /** Nothing gets better until the user, or a client, acts. */
    public boolean needsUser() {
      return needsUser;
    }
  }
}
