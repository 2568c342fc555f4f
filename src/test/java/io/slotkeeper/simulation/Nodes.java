package io.slotkeeper.simulation;

import io.slotkeeper.observe.Host;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The nodes of Kubernetes. One that is cut off goes on with what runs on it; nobody hears of it,
 * and its pods are deleted in the API without it.
 */
final class Nodes {
  private static final int COUNT = 4;

  private final World world;
  private final Set<String> cut = new HashSet<>();

  /** Those that the API server knows to be cut off. */
  private final Set<String> silent = new HashSet<>();

  /** Since when those that were report again. */
  private final Map<String, Long> back = new HashMap<>();

  Nodes(World world) {
    this.world = world;
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

  boolean isCut(Pod pod) {
    return cut.contains(pod.node);
  }

  boolean linked(Pod a, Pod b) {
    return cut.isEmpty() || a.node.equals(b.node) || !(isCut(a) || isCut(b));
  }

  /** From everybody, for a while. Its pods are NotReady, then evicted, then deleted by force. */
  void cut(String node) {
    if (!cut.add(node)) {
      return;
    }
    world.trace.add(world.now, () -> "FAULT " + node + " is cut off");
    int unready = world.chance.between(1000, 5000);
    world.after(
        unready,
        () -> {
          if (cut.contains(node)) {
            silent.add(node);
            podsOn(node).forEach(pod -> world.pods.unready(pod, true));
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

  /** What waits until it is known what ran on those that are back waits no longer. */
  boolean areSettled() {
    return hosts().stream().allMatch(host -> host.isSettled(Instant.ofEpochMilli(world.now)));
  }

  /** As the API server tells it. */
  List<Host> hosts() {
    List<Host> hosts = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      String node = "node-" + i;
      boolean ready = !silent.contains(node);
      Long since = back.get(node);
      hosts.add(new Host(node, ready, ready, since == null ? null : Instant.ofEpochMilli(since)));
    }
    return hosts;
  }

  private List<Pod> podsOn(String node) {
    return world.pods.all().stream().filter(pod -> pod.node.equals(node)).toList();
  }

  private void evict(String node) {
    if (cut.contains(node)) {
      podsOn(node).forEach(world.pods::evict);
    }
  }

  private void forceDelete(String node) {
    if (cut.contains(node)) {
      podsOn(node).forEach(world.pods::forceDelete);
    }
  }

  void heal(String node) {
    if (cut.remove(node)) {
      world.trace.add(world.now, () -> node + " is back");
      if (silent.remove(node)) {
        back.put(node, world.now);
      }
      podsOn(node).forEach(pod -> world.pods.unready(pod, false));
      world.pods.settle(node);
    }
  }

  void healAll() {
    List.copyOf(cut).forEach(this::heal);
  }
}
