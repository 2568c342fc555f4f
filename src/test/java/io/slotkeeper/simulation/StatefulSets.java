package io.slotkeeper.simulation;

import io.slotkeeper.model.PodState.Container;
import io.slotkeeper.plan.Topology;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The controller, scheduler and kubelets: pods come back under their names, at other addresses. */
final class StatefulSets {
  private static final int SPARE_ADDRESSES = 2;

  private final World world;
  private final Map<String, Pod> pods = new LinkedHashMap<>();
  private final List<String> addresses = new ArrayList<>();
  private final List<Pod> orphans = new ArrayList<>();

  /** How many pods the StatefulSet of each shard is to have. */
  private final Map<Integer, Integer> sizes = new TreeMap<>();

  private int uids;

  /** Until then no pod is scheduled. */
  long pendingUntil;

  /** Until then servers take long to load. */
  long slowUntil;

  StatefulSets(World world) {
    this.world = world;
  }

  void begin(int otherPods) {
    Topology topology = world.scenario.topology();
    List<String> names = topology.pods();
    for (int shard = 0; shard < topology.shards(); shard++) {
      sizes.put(shard, topology.replicas() + 1);
    }
    int most = world.scenario.scales() ? Resizing.MOST_PODS : names.size();
    int shards = world.scenario.scales() ? Resizing.MOST_MASTERS : topology.shards();
    int added = world.scenario.updates() ? shards : 0; // to what is lost otherwise
    for (int i = 0; i < most + added + otherPods + SPARE_ADDRESSES; i++) {
      addresses.add("10.0.0." + (i + 1));
    }
    List<String> all = new ArrayList<>(names);
    for (int i = 0; i < otherPods; i++) {
      all.add("other-" + i);
    }
    all.forEach(this::create);
  }

  /** What the operator applies: shards are added and grow, and nothing goes by that. */
  boolean lacks(Topology topology) {
    return !grown(topology).equals(sizes);
  }

  private Map<Integer, Integer> grown(Topology topology) {
    Map<Integer, Integer> grown = new TreeMap<>(sizes);
    IntStream.range(0, topology.shards()).forEach(shard -> grown.putIfAbsent(shard, 0));
    grown.replaceAll((_, pods) -> Math.max(pods, topology.replicas() + 1));
    return grown;
  }

  void apply(Topology topology) {
    sizes.putAll(grown(topology));
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
  void shrink(int shard, int size) {
    sizes.put(shard, size);
    world.ledger.thinned();
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
  void dismantle() {
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
    Volume volume = world.claims.volumeFor(pod);
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
    report(pod);
    world.after(world.chance.between(300, 800), () -> start(pod));
  }

  private void start(Pod pod) {
    if (pod.over || pod.deleting || pod.server != null) {
      return;
    }
    if (Objects.requireNonNull(pod.volume).server != null) {
      world.after(500, () -> start(pod)); // its predecessor still runs, and locks nodes.conf
      return;
    }
    pod.ran = true;
    if (pod.diskFull || pod.template.kind() == Templates.Kind.CRASHING) {
      failToStart(pod);
      return;
    }
    if (pod.volume.corrupt && !StartScript.mends(world, pod)) {
      pod.container = Container.RUNNING; // it asks again
      report(pod);
      world.after(1000, () -> start(pod));
      return;
    }
    pod.crashing = false;
    String ip = Objects.requireNonNull(pod.ip);
    Server server = new Server(world, pod, Objects.requireNonNull(pod.volume), ip);
    pod.server = server;
    pod.run(world.now);
    world.started(server);
    world.trace.add(world.now, () -> "server " + server + " starts at " + ip);
    report(pod);
    if (world.scenario.guarded() && StartScript.holdsBack(server)) {
      server.phase = Server.Phase.GUARDED;
      world.trace.add(world.now, () -> "server " + server + " is held back");
      world.after(200, () -> new StartScript(server).ask(() -> load(server)));
    } else {
      load(server);
    }
  }

  private void load(Server server) {
    server.phase = Server.Phase.LOADING;
    int millis = world.now < slowUntil ? world.chance.between(1000, 8000) : 50;
    world.after(
        millis,
        () -> {
          if (server.phase == Server.Phase.LOADING) {
            server.serve();
          }
        });
  }

  private void report(Pod pod) {
    world.after(
        world.chance.between(10, world.chance.oneIn(4) ? 1000 : 100),
        () -> {
          if (world.nodes.isCut(pod)) {
            report(pod); // it tries again
          } else if (pods.get(pod.name) == pod) {
            pod.report();
            world.api.changed();
          }
        });
  }

  /** kill -9 of the server; the container starts again in the same pod. */
  void kill(Pod pod) {
    Server server = pod.server;
    if (server == null) {
      return;
    }
    world.trace.add(world.now, () -> "FAULT kill " + server);
    end(pod, world.scenario.durable());
  }

  private void end(Pod pod, boolean keepsData) {
    Server server = Objects.requireNonNull(pod.server);
    stop(pod);
    if (!keepsData) {
      server.volume.clear();
      world.ledger.destroyed("memory of " + server);
    }
    pod.container = Container.TERMINATED;
    report(pod);
    pod.restarts++;
    int backOff = pod.restarts < 3 ? 0 : 5000;
    world.after(world.chance.between(200, 1500) + backOff, () -> start(pod));
  }

  private void failToStart(Pod pod) {
    pod.restarts++;
    pod.container = Container.WAITING;
    pod.crashing = pod.restarts > 2;
    report(pod);
    world.after(2000, () -> start(pod));
  }

  /** The server ends by itself, with what it has written. */
  void crash(Pod pod) {
    if (pod.server != null) {
      world.trace.add(world.now, () -> pod.name + " ends: it cannot write");
      end(pod, world.scenario.durable());
    }
  }

  /** A write was torn, or a disk is broken: the server ends, and cannot read it any more. */
  void corrupt(Pod pod) {
    if (pod.server != null) {
      world.trace.add(world.now, () -> "FAULT nodes.conf of " + pod.name + " is corrupt");
      Objects.requireNonNull(pod.volume).corrupt = true;
      end(pod, world.scenario.durable());
    }
  }

  /** Deleted in the API; the kubelet does not hear of it. */
  void evict(Pod pod) {
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
        world.after(world.chance.between(0, 1000), () -> gone(pod));
      }
    }
  }

  Map<Integer, Integer> sizes() {
    return sizes;
  }

  /** Deletes a pod; with its claim, the volume goes, too. */
  void delete(Pod pod, boolean withClaim) {
    if (pod.deleting || pods.get(pod.name) != pod) {
      return;
    }
    world.trace.add(
        world.now,
        () ->
            (pod.unwanted ? "" : "FAULT ")
                + ("delete " + pod.name)
                + (withClaim ? " + claim" : ""));
    pod.deleting = true;
    world.api.changed();
    if (world.nodes.isCut(pod)) {
      return; // the kubelet does not hear of it before its node is back
    }
    world.after(
        world.chance.between(10, 300),
        () -> {
          stop(pod);
          if (withClaim) {
            world.claims.lose(pod);
          }
          gone(pod);
        });
  }

  /** The object is gone at once; the process goes on for a while. */
  void forceDelete(Pod pod) {
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

  void gone(Pod pod) {
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
    stop(pod);
    String ip = pod.ip;
    if (ip != null) {
      world.after(300, () -> addresses.add(ip));
    }
    world.claims.loseEphemeral(pod);
  }

  private void stop(Pod pod) {
    Server server = pod.server;
    if (server != null) {
      pod.server = null;
      world.ended(server);
    }
  }

  boolean runsOn(Pod pod) {
    return orphans.contains(pod) || (pods.get(pod.name) == pod && !pod.deleting);
  }

  /** A pod has this address, so that somebody there refuses connections. */
  boolean isAddressed(String ip) {
    return !addresses.contains(ip);
  }

  @Nullable Pod pod(String name) {
    return pods.get(name);
  }

  Collection<Pod> all() {
    return pods.values();
  }

  List<Pod> ours() {
    return pods.values().stream().filter(pod -> pod.owner == Pod.Owner.OURS).toList();
  }
}
