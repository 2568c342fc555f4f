package io.slotkeeper.plan;

import io.slotkeeper.observe.Member;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import java.util.Objects;

/**
 * A server that was seen in a pod: the target of an action. Before a dangerous action all four
 * values are checked again, because an address may have changed hands.
 */
public record ServerRef(String pod, String podUid, String ip, NodeId id) {

  public static ServerRef of(Member member, NodeSnapshot snapshot) {
    return new ServerRef(
        member.pod().name(),
        member.pod().uid(),
        Objects.requireNonNull(member.pod().ip(), "a server without an address was seen"),
        snapshot.id());
  }

  @Override
  public String toString() {
    return pod;
  }
}
