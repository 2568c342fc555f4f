package io.slotkeeper.mode.sentinel.plan;

import io.slotkeeper.observe.SentinelMember;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.SentinelCommand;
import io.slotkeeper.plan.SentinelRef;
import io.slotkeeper.redis.sentinel.Hello;
import io.slotkeeper.redis.sentinel.SentinelSnapshot;
import io.slotkeeper.redis.sentinel.SentinelSnapshot.Monitored;
import io.slotkeeper.resources.Ports;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A Sentinel that answered. */
record Sentinel(int ordinal, SentinelRef ref, SentinelSnapshot snapshot, boolean ready) {

  /** Empty for one that did not answer. */
  static Stream<Sentinel> of(SentinelMember member) {
    String ip = member.pod().ip();
    return ip == null
        ? Stream.of()
        : member.snapshot().stream()
            .map(seen ->
                new Sentinel(
                    member.pod().ordinal(),
                    new SentinelRef(member.pod().name(), member.pod().uid(), ip, seen.id()),
                    seen,
                    member.pod().ready() && !member.pod().terminating()));
  }

  Optional<Monitored> monitored() {
    return snapshot.monitored();
  }

  /** It knows these other Sentinels, at their addresses. */
  boolean knowsAll(List<Sentinel> others) {
    List<Hello.Peer> known = monitored().map(Monitored::peers).orElse(List.of());
    return others.stream()
        .allMatch(other ->
            known.stream()
                .anyMatch(peer ->
                    peer.id().equals(other.ref.id())
                        && peer.ip().equals(other.ref.ip())
                        && Ports.isOfSentinel(peer.port())));
  }

  Action sent(SentinelCommand command) {
    return new Action.TellSentinel(ref, command);
  }
}
