package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.observe.Member;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.redis.cluster.SlotSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * How blank servers become a cluster: first the slots, while no node knows another, then all
 * introductions at once (redis-cli does it the other way round, in a star, and waits for gossip).
 * Small clusters get a short node timeout meanwhile, because a node that has just been in a
 * minority stays out of service for that long (cluster_legacy.c:clusterUpdateState).
 *
 * <p>Nothing is kept between passes: what is missing is seen from the nodes themselves, so an
 * interrupted formation continues from wherever it stands.
 */
final class Formation {
  /** After this long, a cluster is formed without the pods that are missing. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Formation() {}

  /** Slots may still be assigned for the first time: none was ever lost, and no key exists. */
  static boolean underWay(ClusterModel cluster) {
    return isEmpty(cluster) && !given(cluster).equals(SlotSet.ALL);
  }

  /** Slots assigned to any node, reachable or not. Peers may know more than the node itself. */
  private static SlotSet given(ClusterModel cluster) {
    return cluster.peers().stream()
        .map(peer -> peer.self().slots())
        .reduce(cluster.unheardOf(), SlotSet::plus);
  }

  /** Nothing was ever written. */
  static boolean isEmpty(ClusterModel cluster) {
    return !cluster.formed()
        && cluster.peers().stream().allMatch(peer -> peer.snapshot().keys() == 0);
  }

  /**
   * Every pod answers, or each shard has a server and the rest has been waited for. Which pod
   * becomes a master is decided once, so a moment's wait for the full choice is worth it.
   */
  static boolean mayBegin(ClusterModel cluster) {
    if (cluster.complete()) {
      return true;
    }
    for (int shard = 0; shard < cluster.topology().shards(); shard++) {
      if (cluster.shard(shard).isEmpty()) {
        return false;
      }
    }
    return cluster.view().members().stream()
        .filter(member -> member.snapshot().isEmpty())
        .map(member -> Duration.between(member.pod().createdAt(), cluster.view().at()))
        .allMatch(age -> age.compareTo(PATIENCE) > 0);
  }

  /** The short node timeout, for a while after the last server has started. */
  static OptionalLong hurried(ClusterModel cluster) {
    return TemporaryNodeTimeout.isAfterStart(cluster)
        ? TemporaryNodeTimeout.millis(cluster, 0)
        : OptionalLong.empty();
  }

  /** What each node needs before it is introduced to the others. */
  static List<Action> prepare(ClusterModel cluster) {
    OptionalLong millis = hurried(cluster);
    if (millis.isEmpty()) {
      return List.of();
    }
    return cluster.peers().stream()
        .filter(peer -> peer.snapshot().isBlank())
        .filter(peer -> peer.snapshot().nodeTimeoutMillis() > millis.getAsLong())
        .<Action>map(peer -> new Action.SetNodeTimeout(peer.target(), millis.getAsLong()))
        .toList();
  }

  /** First slots for each shard: on its master, or else on a node chosen here. */
  static List<Action> assignSlots(ClusterModel cluster) {
    List<Action> actions = new ArrayList<>();
    Map<String, Integer> mastersPerNode = new HashMap<>();
    SlotSet given = given(cluster);
    for (int shard = 0; shard < cluster.topology().shards(); shard++) {
      // A master may have too few: the number of shards was changed in the meantime.
      SlotSet free = cluster.topology().firstSlots(shard).minus(given);
      Optional<Peer> master = cluster.masterOf(shard);
      if (master.isEmpty() && !mayHaveMaster(cluster, shard)) {
        master = chooseMaster(cluster, shard, mastersPerNode);
      }
      if (master.isPresent() && !free.isEmpty()) {
        actions.add(new Action.AssignSlots(master.get().target(), shard + 1L, free));
      }
      master.ifPresent(peer -> mastersPerNode.merge(nodeOf(peer.member()), 1, Integer::sum));
    }
    return actions;
  }

  /**
   * A server of the shard does not answer. It may have been given slots before any other node heard
   * of it, and may come back with them: then one of the two masters would wipe the other.
   */
  private static boolean mayHaveMaster(ClusterModel cluster, int shard) {
    Topology topology = cluster.topology();
    return IntStream.rangeClosed(0, topology.replicas())
        .mapToObj(ordinal -> topology.pod(shard, ordinal))
        .anyMatch(pod -> isSilent(cluster, pod) && mayComeBack(cluster, pod));
  }

  private static boolean isSilent(ClusterModel cluster, String pod) {
    return cluster.view().remembered().members().containsKey(pod)
        && cluster.peers().stream().noneMatch(peer -> peer.pod().name().equals(pod));
  }

  /** Its volume exists, or its pod, which was once scheduled to a Kubernetes node that keeps it. */
  private static boolean mayComeBack(ClusterModel cluster, String pod) {
    return cluster.view().claims().contains(pod)
        || cluster.view().pod(pod).filter(member -> member.pod().node() != null).isPresent();
  }

  /** A master without slots and keys, on the Kubernetes node that has the fewest masters so far. */
  private static Optional<Peer> chooseMaster(
      ClusterModel cluster, int shard, Map<String, Integer> mastersPerNode) {
    return cluster.shard(shard).stream()
        .filter(peer -> peer.isMaster() && !peer.pod().terminating())
        .min(
            Comparator.<Peer>comparingInt(
                    peer -> mastersPerNode.getOrDefault(nodeOf(peer.member()), 0))
                .thenComparingInt(peer -> peer.pod().ordinal()));
  }

  private static String nodeOf(Member member) {
    String node = member.pod().node();
    return node == null ? "" : node;
  }
}
