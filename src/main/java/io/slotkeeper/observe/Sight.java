package io.slotkeeper.observe;

import io.slotkeeper.redis.NodeSnapshot;
import io.slotkeeper.redis.RedisUnavailableException.Kind;

/** What could be seen of the server in a pod. */
public sealed interface Sight {

  /** It answered. */
  record Seen(NodeSnapshot snapshot) implements Sight {}

  /**
   * It was asked and gave no answer.
   *
   * @param message what went wrong, without the address: for some kinds the server's own words
   * @param lost a connection to this very server had been held, it broke, and a new one to the same
   *     address was refused: the server process is gone. Only then is no answer a proof.
   */
  record Unseen(Kind kind, String message, boolean lost) implements Sight {}

  /** The pod has no address yet, or none any more. */
  record Unaddressed() implements Sight {}
}
