package io.slotkeeper.plan;

import io.slotkeeper.observe.Member;
import io.slotkeeper.redis.NodeId;
import io.slotkeeper.redis.NodeSnapshot;
import java.util.Objects;

/**
 * A server that was seen in a pod: what an action is aimed at. Before a dangerous action all four
 * are looked at again, for an address may have changed hands.
 */
public record Target(String pod, String podUid, String ip, NodeId id) {

  public static Target of(Member member, NodeSnapshot snapshot) {
    return new Target(
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
