package io.slotkeeper.simulation;

import io.slotkeeper.plan.Topology;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The controller, scheduler and kubelets: pods come back under their names, at other addresses. */
public final class StatefulSets {
  private static final int SPARE_ADDRESSES = 2;

  private final Platform world;
  private final Map<String, Pod> pods = new LinkedHashMap<>();
  private final List<String> addresses = new ArrayList<>();
  private final List<Pod> orphans = new ArrayList<>();

  /** How many pods the StatefulSet of each shard is to have. */
  private final Map<Integer, Integer> sizes = new TreeMap<>();

  private int uids;

  /** Until then no pod is scheduled. */
  public long pendingUntil;

  StatefulSets(Platform world) {
    this.world = world;
  }

  /**
   * @param most addresses that all pods need together
   */
  public void begin(int otherPods, int most) {
    Topology topology = world.scenario.topology();
    for (int shard = 0; shard < topology.shards(); shard++) {
      sizes.put(shard, topology.replicas() + 1);
    }
    for (int i = 0; i < most + SPARE_ADDRESSES; i++) {
      addresses.add("10.0.0." + (i + 1));
    }
    List<String> all = new ArrayList<>(topology.pods());
    for (int i = 0; i < otherPods; i++) {
      all.add("other-" + i);
    }
    all.forEach(this::create);
  }

  /**
   * What the operator applies: shards are added and grow, and nothing goes by that.
   *
   * @param halted it wants no pods
   */
  public boolean lacks(Topology topology, boolean halted) {
    return !grown(topology, halted).equals(sizes);
  }

  private Map<Integer, Integer> grown(Topology topology, boolean halted) {
    Map<Integer, Integer> grown = new TreeMap<>(sizes);
    IntStream.range(0, topology.shards()).forEach(shard -> grown.putIfAbsent(shard, 0));
    grown.replaceAll(
        (shard, pods) -> halted ? 0 : Math.max(least(shard, pods), topology.replicas() + 1));
    return grown;
  }

  /** Where it was halted, none has a pod. */
  private int least(int shard, int pods) {
    boolean halted = sizes.containsKey(shard) && pods == 0;
    return halted ? world.api.resumedPods(shard) : pods;
  }

  public void apply(Topology topology, boolean halted) {
    sizes.putAll(grown(topology, halted));
    if (halted) {
      ours()
          .forEach(pod -> {
            pod.unwanted = true;
            delete(pod, false);
          });
    }
    sizes.forEach((shard, size) -> {
      for (int ordinal = 0; ordinal < size; ordinal++) {
        String name = topology.pod(shard, ordinal);
        if (!pods.containsKey(name)) {
          world.after(world.chance.between(20, 400), () -> create(name));
        }
      }
    });
  }

  /** The last pods go; their claims stay. */
  public void shrink(int shard, int size) {
    sizes.put(shard, size);
    world.thinned();
    world.claims.retire(name -> Pod.isOf(name, shard) && Pod.ordinal(name) >= size);
    ours().stream().filter(pod -> pod.shard == shard && pod.ordinal >= size).forEach(this::remove);
  }

  void removeShard(int shard) {
    sizes.remove(shard);
    world.claims.retire(name -> Pod.isOf(name, shard));
    if (world.scenario.deletesClaims()) {
      world.claims.doom(name -> Pod.isOf(name, shard));
    }
    ours().stream().filter(pod -> pod.shard == shard).forEach(this::remove);
    world.api.changed();
  }

  /** The Redis was deleted. */
  public void dismantle() {
    sizes.clear();
  }

  /** What is on it is not counted on any more; its claim stays, and may come back with its pod. */
  private void remove(Pod pod) {
    pod.unwanted = true;
    world.claims.retire(pod.volume);
    delete(pod, false);
  }

  private boolean isWanted(String name) {
    return !Pod.isOurs(name) || Pod.ordinal(name) < sizes.getOrDefault(Pod.shard(name), 0);
  }

  private void create(String name) {
    if (pods.containsKey(name) || !isWanted(name)) {
      return;
    }
    boolean ours = Pod.isOurs(name);
    int ordinal = Pod.ordinal(name);
    int shard = Pod.shard(name);
    Pod pod =
        new Pod(
            ours ? Pod.Owner.OURS : Pod.Owner.OTHER,
            name,
            "uid-" + uids++,
            shard,
            ordinal,
            world.now);
    pod.template = ours ? world.templates.observed() : pod.template;
    pods.put(name, pod);
    world.trace.add(world.now, () -> "pod " + name + " created, " + pod.uid);
    world.api.changed();
    world.after(world.chance.between(50, 600), () -> schedule(pod));
  }

  private void schedule(Pod pod) {
    if (pod.over) {
      return;
    }
    if (pod.deleting) {
      gone(pod);
      return;
    }
    Disk volume = world.claims.volumeFor(pod);
    boolean waits =
        addresses.isEmpty()
            || world.now < pendingUntil
            || pod.template.kind() == Templates.Kind.UNSCHEDULABLE;
    if (volume == null || volume.server != null || waits) {
      world.after(500, () -> schedule(pod));
      return;
    }
    pod.volume = volume;
    world.claims.attached(volume);
    pod.node = world.nodes.choose(pod);
    pod.ip = addresses.remove(world.chance.between(0, addresses.size() - 1));
    world.containers.report(pod);
    world.after(world.chance.between(300, 800), () -> world.containers.start(pod));
  }

  /** Deleted in the API; the kubelet does not hear of it. */
  public void evict(Pod pod) {
    if (!pod.deleting) {
      world.trace.add(world.now, () -> "evict " + pod.name);
      pod.deleting = true;
      world.api.changed();
    }
  }

  /** A kubelet that is back does what it has missed. */
  void settle(String node) {
    for (Pod pod : List.copyOf(orphans)) {
      if (pod.node.equals(node)) {
        orphans.remove(pod);
        world.after(world.chance.between(0, 1000), () -> over(pod));
      }
    }
    for (Pod pod : List.copyOf(pods.values())) {
      if (pod.deleting && pod.node.equals(node)) {
        world.after(world.chance.between(0, 1000), () -> world.stop(pod, () -> gone(pod)));
      }
    }
  }

  public Map<Integer, Integer> sizes() {
    return sizes;
  }

  /** Deletes a pod; with its claim, the volume goes, too. */
  public void delete(Pod pod, boolean withClaim) {
    if (pod.deleting || pods.get(pod.name) != pod) {
      return;
    }
    world.trace.add(
        world.now,
        () ->
            (pod.unwanted || pod.replaced ? "" : "FAULT ")
                + ("delete " + pod.name)
                + (withClaim ? " + claim" : ""));
    pod.deleting = true;
    world.api.changed();
    if (world.nodes.isCut(pod)) {
      return; // the kubelet does not hear of it before its node is back
    }
    world.after(
        world.chance.between(10, 300),
        () ->
            world.stop(
                pod,
                () -> {
                  world.containers.stop(pod);
                  if (withClaim) {
                    world.claims.lose(pod);
                  }
                  gone(pod);
                }));
  }

  /** The object is gone at once; the process goes on for a while. */
  public void forceDelete(Pod pod) {
    if (pods.get(pod.name) != pod) {
      return;
    }
    world.trace.add(world.now, () -> "FAULT force delete " + pod.name);
    pods.remove(pod.name);
    world.claims.podGone(pod.name);
    recreate(pod);
    world.claims.loseEphemeral(pod);
    if (world.nodes.isCut(pod)) {
      orphans.add(pod); // runs on until its node is back
    } else {
      world.after(world.chance.between(10, 4000), () -> over(pod));
    }
  }

  public void gone(Pod pod) {
    over(pod);
    if (pods.remove(pod.name, pod)) {
      world.claims.podGone(pod.name);
      recreate(pod);
    }
  }

  private void recreate(Pod pod) {
    world.api.changed();
    world.after(world.chance.between(20, 400), () -> create(pod.name));
  }

  private void over(Pod pod) {
    if (pod.over) {
      return;
    }
    pod.over = true;
    world.containers.stop(pod);
    String ip = pod.ip;
    if (ip != null) {
      world.after(300, () -> addresses.add(ip));
    }
    world.claims.loseEphemeral(pod);
  }

  /** Those on a node, also where the API server does not know them any more. */
  List<Pod> on(String node) {
    return Stream.concat(pods.values().stream(), orphans.stream())
        .filter(pod -> pod.node.equals(node))
        .toList();
  }

  /** It gets a new network, with another address if there is one. */
  void move(Pod pod) {
    String ip = pod.ip;
    if (ip != null && !addresses.isEmpty()) {
      pod.ip = addresses.remove(world.chance.between(0, addresses.size() - 1));
      addresses.add(ip);
    }
  }

  public boolean runsOn(Pod pod) {
    return orphans.contains(pod) || (pods.get(pod.name) == pod && !pod.deleting);
  }

  /** A pod has this address, so that its host refuses connections. */
  public boolean isAddressed(String ip) {
    return !addresses.contains(ip);
  }

  /** The same, and that can be heard: its machine is neither cut off nor without power. */
  public boolean refuses(String ip) {
    return isAddressed(ip)
        && Stream.concat(pods.values().stream(), orphans.stream())
            .noneMatch(pod -> ip.equals(pod.ip) && world.nodes.isCut(pod));
  }

  public @Nullable Pod pod(String name) {
    return pods.get(name);
  }

  public Collection<Pod> all() {
    return pods.values();
  }

  public List<Pod> ours() {
    return pods.values().stream().filter(pod -> pod.owner == Pod.Owner.OURS).toList();
  }
}
