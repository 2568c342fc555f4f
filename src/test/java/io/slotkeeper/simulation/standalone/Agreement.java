package io.slotkeeper.simulation.standalone;

import io.slotkeeper.plan.SentinelPolicy;
import io.slotkeeper.redis.sentinel.Hello;
import io.slotkeeper.redis.sentinel.SentinelSnapshot.Monitored;
import io.slotkeeper.simulation.Pod;
import io.slotkeeper.simulation.sentinel.ModelSentinel;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether all Sentinels know what there is, and no more. */
final class Agreement {

  private Agreement() {}

  /** What is wrong; null for nothing. */
  static @Nullable String trouble(SentinelWorld world) {
    Server primary = world.ledger.leader();
    if (primary == null) {
      return "there is no primary";
    }
    if (world.watchers.pods().size() != world.sentinels) {
      return "there are pods " + world.watchers.pods().stream().map(pod -> pod.name).toList();
    }
    Set<Hello.Peer> all =
        world.watchers.pods().stream()
            .flatMap(pod ->
                pod.server instanceof Watcher watcher && watcher.sentinel() != null
                    ? java.util.stream.Stream.of(peer(watcher.sentinel()))
                    : java.util.stream.Stream.of())
            .collect(Collectors.toSet());
    if (all.size() != world.sentinels) {
      return "only " + all + " run";
    }
    Set<Long> epochs = new java.util.TreeSet<>();
    for (Pod pod : world.watchers.pods()) {
      ModelSentinel sentinel =
          Objects.requireNonNull(((Watcher) Objects.requireNonNull(pod.server)).sentinel());
      Monitored seen = sentinel.look(Watch.MASTER).monitored().orElse(null);
      if (seen == null) {
        return sentinel + " knows no primary";
      }
      epochs.add(seen.epoch());
      String wrong = trouble(world, primary, seen, all, peer(sentinel));
      if (wrong != null) {
        return sentinel + ": " + wrong;
      }
    }
    return epochs.size() == 1 ? null : "they know epochs " + epochs;
  }

  private static Hello.Peer peer(ModelSentinel sentinel) {
    return new Hello.Peer(sentinel.id, sentinel.ip, ModelSentinel.PORT);
  }

  private static @Nullable String trouble(
      SentinelWorld world, Server primary, Monitored seen, Set<Hello.Peer> all, Hello.Peer me) {
    if (!seen.isAt(primary.ip, port -> port == Replication.PORT) || seen.electing()) {
      return "its primary is %s%s, not %s"
          .formatted(seen.ip(), seen.electing() ? ", and it elects another" : "", primary.ip);
    }
    Set<String> replicas =
        world.pods.ours().stream()
            .filter(pod -> pod != primary.pod && pod.ip != null)
            .map(pod -> pod.ip + ":" + Replication.PORT)
            .collect(Collectors.toSet());
    if (!replicas.equals(Set.copyOf(seen.replicas()))
        || seen.replicas().size() != replicas.size()) {
      return "it knows replicas %s, there are %s".formatted(seen.replicas(), replicas);
    }
    Set<Hello.Peer> others =
        all.stream().filter(other -> !other.equals(me)).collect(Collectors.toSet());
    if (!others.equals(Set.copyOf(seen.peers()))) {
      return "it knows Sentinels %s, there are %s".formatted(seen.peers(), others);
    }
    SentinelPolicy policy = world.watch.policy(world.sentinels);
    boolean set =
        policy.settings().entrySet().stream()
            .allMatch(entry -> entry.getValue().equals(seen.settings().get(entry.getKey())));
    return set && policy.quorum() == seen.quorum() ? null : "its settings are " + seen.settings();
  }
}
