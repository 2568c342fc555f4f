package io.slotkeeper.simulation;

import io.slotkeeper.model.KubernetesNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The nodes of Kubernetes. One that is cut off goes on with what runs on it; no news of it gets
 * out, and its pods are deleted in the API without it.
 */
public final class Nodes {
  private static final int COUNT = 4;
  private static final int HEARTBEAT = 10_000;

  /** What the node controller waits before it says NotReady, at most. */
  private static final int GRACE = 50_000;

  private final Platform world;

  /** Its own, so that what else happens to a seed does not depend on it. */
  private final Chance chance;

  /** A machine that none of our pods was ever on is NotReady for good. */
  private final boolean wreck;

  private final Set<String> cut = new HashSet<>();

  private final Map<String, Long> cutAt = new HashMap<>();

  /** Those that the API server knows to be cut off. */
  private final Set<String> silent = new HashSet<>();

  /** Since when those that were report again. */
  private final Map<String, Long> back = new HashMap<>();

  Nodes(Platform world) {
    this.world = world;
    chance = new Chance(world.scenario.seed() ^ 0x50AC);
    wreck = chance.oneIn(4) && !world.scenario.isRecreated();
  }

  /** Where the scheduler puts a pod: the copies of a shard on different nodes, if it can. */
  String choose(Pod pod) {
    List<String> free = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      String node = "node-" + (pod.shard + pod.ordinal + i) % COUNT;
      if (!cut.contains(node)) {
        free.add(node);
      }
    }
    return free.isEmpty() ? "node-0" : free.getFirst();
  }

  public boolean isCut(Pod pod) {
    return isCut(pod.node);
  }

  public boolean isCut(String node) {
    return cut.contains(node);
  }

  /** When it was cut off last. */
  public long cutAt(String node) {
    return cutAt.getOrDefault(node, 0L);
  }

  public boolean linked(Pod a, Pod b) {
    return cut.isEmpty() || a.node.equals(b.node) || !(isCut(a) || isCut(b));
  }

  /** From all others, for a while. Its pods are NotReady, then evicted, then deleted by force. */
  public void cut(String node) {
    if (!cut.add(node)) {
      return;
    }
    cutAt.put(node, world.now);
    boolean late = chance.oneIn(3);
    world.trace.add(
        world.now, () -> "FAULT " + node + " is cut off" + (late ? ", which nobody notices" : ""));
    int unready = world.chance.between(1000, 5000);
    if (late) {
      int wait = chance.between(200, 10_000);
      podsOn(node).stream()
          .filter(_ -> chance.oneIn(2))
          .forEach(pod -> world.after(wait, () -> forceDelete(node, pod)));
    }
    world.after(
        late ? GRACE : unready,
        () -> {
          if (cut.contains(node)) {
            silent.add(node);
            podsOn(node).forEach(pod -> unready(pod, true));
          }
        });
    if (world.chance.oneIn(2)) {
      world.after(unready + 3000, () -> evict(node));
      if (world.chance.oneIn(2)) {
        world.after(unready + world.chance.between(3000, 10_000), () -> forceDelete(node));
      }
    }
    world.after(world.chance.between(2000, 20_000), () -> heal(node));
  }

  /** It loses its power, and gets it back. */
  public void powerOff(String node) {
    if (!cut.contains(node)) {
      world.trace.add(world.now, () -> "FAULT " + node + " loses its power");
      cut(node);
      world.containers.powerOff(node);
    }
  }

  /** From this time on, nothing waits until it is known what ran on those that are back. */
  public boolean areSettled(long since) {
    return hosts().stream()
        .filter(node -> !node.name().equals("node-9"))
        .allMatch(node -> node.isSettled(Instant.ofEpochMilli(since)));
  }

  /** When its kubelet last renewed its Lease: every ten seconds, at a time of its own. */
  public long heartbeat(String node) {
    long until = cut.contains(node) ? Objects.requireNonNull(cutAt.get(node)) : world.now;
    long offset = node.hashCode() % HEARTBEAT;
    return Math.max(0, (until - offset) / HEARTBEAT * HEARTBEAT + offset);
  }

  /** As the API server tells it. */
  public List<KubernetesNode> hosts() {
    List<KubernetesNode> kubernetesNodes = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      String node = "node-" + i;
      boolean ready = !silent.contains(node);
      Long since = back.get(node);
      kubernetesNodes.add(
          new KubernetesNode(
              node, ready, ready, since == null ? null : Instant.ofEpochMilli(since)));
    }
    if (wreck) {
      kubernetesNodes.add(new KubernetesNode("node-9", false, false));
    }
    return kubernetesNodes;
  }

  private void unready(Pod pod, boolean unready) {
    pod.unready = unready;
    world.api.changed();
  }

  private List<Pod> podsOn(String node) {
    return world.pods.all().stream().filter(pod -> pod.node.equals(node)).toList();
  }

  /** The user, who knows better than the API server. */
  private void forceDelete(String node, Pod pod) {
    if (cut.contains(node)) {
      world.pods.forceDelete(pod);
    }
  }

  private void evict(String node) {
    if (silent.contains(node)) {
      podsOn(node).forEach(world.pods::evict);
    }
  }

  private void forceDelete(String node) {
    if (cut.contains(node)) {
      podsOn(node).forEach(world.pods::forceDelete);
    }
  }

  public void heal(String node) {
    if (cut.remove(node)) {
      world.trace.add(world.now, () -> node + " is back");
      if (silent.remove(node)) {
        back.put(node, world.now);
      }
      podsOn(node).forEach(pod -> unready(pod, false));
      world.pods.settle(node);
      world.containers.powerOn(node);
    }
  }

  public void healAll() {
    List.copyOf(cut).forEach(this::heal);
  }
}
