package io.slotkeeper.observe;

import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.cluster.NodeSnapshot;

/** What could be seen of the server in a pod. */
public sealed interface ServerAnswer {

  /** It answered. */
  record Answered(NodeSnapshot snapshot) implements ServerAnswer {}

  /**
   * It was asked and gave no answer.
   *
   * @param message what went wrong, without the address: for some kinds the server's own words
   * @param lost a connection to this very server had been held, it broke, and a new one to the same
   *     address was refused: the server process is gone. Only then is no answer proof.
   */
  record Failed(Kind kind, String message, boolean lost) implements ServerAnswer {

    /** The process that was there has ended: there is none, or one that is starting. */
    public boolean hasEnded() {
      return lost || kind == Kind.REFUSED || kind == Kind.LOADING;
    }
  }

  /** The pod has no address yet, or none any more. */
  record NoAddress() implements ServerAnswer {}
}
