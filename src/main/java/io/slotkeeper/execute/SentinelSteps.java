package io.slotkeeper.execute;

import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.SentinelCommand;
import io.slotkeeper.plan.SentinelRef;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.sentinel.Hello;
import io.slotkeeper.redis.sentinel.SentinelNode;
import io.slotkeeper.redis.sentinel.SentinelNodes;
import io.slotkeeper.redis.sentinel.SentinelSnapshot;
import io.slotkeeper.resources.Ports;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sends commands to Sentinels, each after a second look at the Sentinel and the primary. */
final class SentinelSteps {
  private static final String PASSWORD = "auth-pass";

  private final SentinelNodes nodes;
  private final RedisRef ref;
  private final Guard guard;

  SentinelSteps(SentinelNodes nodes, RedisRef ref, Guard guard) {
    this.nodes = nodes;
    this.ref = ref;
    this.guard = guard;
  }

  /** The reason against it, if any. */
  Optional<String> objection(Action.TellSentinel told) {
    SentinelSnapshot now = node(told.sentinel()).look(told.command().master());
    // The id follows from the name of the pod and of its Redis.
    if (!now.id().equals(told.sentinel().id())) {
      return Optional.of("another Sentinel has the address of pod " + told.sentinel().pod());
    }
    return switch (told.command()) {
      case SentinelCommand.Announce a ->
          guard.whyNotLeading(a.primary()).or(() -> isOlder(now, a.primary(), a.term()));
      case SentinelCommand.Monitor a ->
          guard.whyNotLeading(a.primary()).or(() -> isOlder(now, a.primary(), a.term()));
      case SentinelCommand.Configure _, SentinelCommand.Unmonitor _ -> Optional.empty();
    };
  }

  /** The Sentinels have elected another meanwhile. */
  private static Optional<String> isOlder(SentinelSnapshot now, ServerRef primary, long term) {
    return now.monitored()
        .filter(seen -> seen.epoch() >= term && !seen.isAt(primary.ip(), Ports::isOfServer))
        .map(seen -> "it knows a newer primary, at " + seen.ip());
  }

  void send(Action.TellSentinel told) {
    SentinelNode node = node(told.sentinel());
    switch (told.command()) {
      case SentinelCommand.Announce a ->
          announce(node, a.master(), a.primary(), a.term(), a.peers());
      case SentinelCommand.Monitor a -> monitor(node, a);
      case SentinelCommand.Configure a -> node.set(a.master(), withPassword(a.settings()));
      case SentinelCommand.Unmonitor a -> node.remove(a.master());
    }
  }

  private void monitor(SentinelNode node, SentinelCommand.Monitor monitor) {
    if (monitor.again()) {
      node.remove(monitor.master());
    }
    node.monitor(monitor.master(), monitor.primary().ip(), ref.port(), monitor.quorum());
    node.set(monitor.master(), withPassword(monitor.settings()));
    announce(node, monitor.master(), monitor.primary(), monitor.term(), monitor.peers());
  }

  /** It may have missed the password before, and shows none. */
  private Map<String, String> withPassword(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    String password = ref.password();
    if (password != null) {
      all.put(PASSWORD, password);
    }
    return all;
  }

  private void announce(
      SentinelNode node, String master, ServerRef primary, long term, List<SentinelRef> peers) {
    for (SentinelRef peer : peers) {
      node.hear(
          new Hello(
              new Hello.Peer(peer.id(), peer.ip(), ref.sentinel(peer.podUid(), peer.ip()).port()),
              master,
              primary.ip(),
              ref.port(),
              term));
    }
  }

  private SentinelNode node(SentinelRef sentinel) {
    return nodes.at(ref.sentinel(sentinel.podUid(), sentinel.ip()));
  }
}
