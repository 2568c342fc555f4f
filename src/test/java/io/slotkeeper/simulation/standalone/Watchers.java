package io.slotkeeper.simulation.standalone;

import io.slotkeeper.model.PodState;
import io.slotkeeper.model.SentinelPod;
import io.slotkeeper.redis.sentinel.Hello;
import io.slotkeeper.redis.sentinel.SentinelSnapshot.Monitored;
import io.slotkeeper.simulation.Chance;
import io.slotkeeper.simulation.Pod;
import io.slotkeeper.simulation.ServerProcess;
import io.slotkeeper.simulation.sentinel.ModelSentinel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The pods of the Sentinels: they come back under their names, at other addresses. */
final class Watchers {
  private static final int ADDRESSES = 9;
  private static final int NODES = 4;
  private static final int SILENCE = 2000;
  private static final int PROBE = 1000;

  private record State(long at, List<SentinelPod> pods) {}

  private final SentinelWorld world;
  private final Chance chance;
  private final Map<String, Pod> pods = new TreeMap<>();

  /** Deleted by force, on a machine that is cut off: they go on. */
  private final List<Pod> orphans = new ArrayList<>();

  private final List<String> addresses = new ArrayList<>();
  private final List<State> history = new ArrayList<>(List.of(new State(0, List.of())));
  private int size;
  private int uids;

  Watchers(SentinelWorld world) {
    this.world = world;
    chance = world.watching;
    for (int i = 1; i <= ADDRESSES; i++) {
      addresses.add("10.0.1." + i);
    }
    world.after(PROBE, this::probe);
  }

  int size() {
    return size;
  }

  Collection<Pod> pods() {
    return List.copyOf(pods.values());
  }

  private static @Nullable Watcher in(Pod pod) {
    return (Watcher) pod.server;
  }

  /** Those whose process answers. */
  List<Watcher> running() {
    return Stream.concat(pods.values().stream(), orphans.stream())
        .flatMap(pod -> Stream.ofNullable(in(pod)))
        .filter(watcher -> watcher.sentinel() != null)
        .toList();
  }

  /** The operator applies the StatefulSet. */
  void resize(int wanted) {
    size = wanted;
    pods().stream().filter(pod -> pod.ordinal >= wanted).forEach(this::delete);
    for (int ordinal = 0; ordinal < wanted; ordinal++) {
      createLater(ordinal);
    }
  }

  private void createLater(int ordinal) {
    world.after(chance.between(20, 400), () -> create(ordinal));
  }

  private void create(int ordinal) {
    String name = "x-sentinel-" + ordinal;
    if (ordinal >= size || pods.containsKey(name)) {
      return;
    }
    Pod pod = new Pod(Pod.Owner.OURS, name, "watch-" + uids++, 0, ordinal, world.now);
    pod.passing = false;
    pods.put(name, pod);
    changed();
    world.after(chance.between(50, 600), () -> schedule(pod));
  }

  private void schedule(Pod pod) {
    if (pod.over || pod.deleting) {
      gone(pod);
      return;
    }
    List<String> free =
        Stream.iterate(pod.ordinal, i -> i + 1)
            .limit(NODES)
            .map(i -> "node-" + i % NODES)
            .filter(node -> !world.nodes.isCut(node))
            .toList();
    if (free.isEmpty() || addresses.isEmpty()) {
      world.after(500, () -> schedule(pod));
      return;
    }
    pod.node = free.getFirst();
    pod.ip = addresses.remove(chance.between(0, addresses.size() - 1));
    world.after(chance.between(10, 1000), () -> report(pod));
    world.after(chance.between(300, 800), () -> start(pod));
  }

  private void report(Pod pod) {
    if (world.nodes.isCut(pod)) {
      world.after(500, () -> report(pod));
    } else {
      pod.report();
      changed();
    }
  }

  private void start(Pod pod) {
    if (pod.over || pod.deleting || pod.server != null) {
      return;
    }
    Watcher watcher = new Watcher(world, pod, Objects.requireNonNull(pod.ip));
    pod.server = watcher;
    world.started(watcher);
    world.trace.add(world.now, () -> "Sentinel " + watcher + " starts at " + watcher.ip);
    // All at once: one that is silent takes the whole time.
    List<ModelSentinel> heard = new ArrayList<>();
    boolean silent = false;
    for (Pod other : pods.values()) {
      Watcher there = other == pod ? null : in(other);
      if (there != null && world.linked(watcher, there)) {
        heard.addAll(Stream.ofNullable(there.sentinel()).toList());
      } else {
        silent |= other != pod && other.ip != null && there != null;
      }
    }
    world.after(
        silent ? SILENCE : chance.between(20, 300),
        () -> {
          if (watcher.phase == ServerProcess.Phase.GUARDED) {
            watcher.begin(
                heard.stream()
                    .filter(other -> other.epoch(Watch.MASTER) >= 0)
                    .max(Comparator.comparingLong(other -> other.epoch(Watch.MASTER)))
                    .orElse(null));
          }
        });
  }

  private void stop(Pod pod) {
    ServerProcess process = pod.server;
    if (process != null) {
      pod.server = null;
      world.ended(process);
    }
  }

  /** kill -9 */
  void kill(Pod pod) {
    if (pod.server != null) {
      world.trace.add(world.now, () -> "FAULT kill " + pod.server);
      stop(pod);
      pod.restarts++;
      world.after(chance.between(200, pod.restarts < 3 ? 1500 : 6000), () -> start(pod));
    }
  }

  void delete(Pod pod) {
    if (pod.deleting || pods.get(pod.name) != pod) {
      return;
    }
    world.trace.add(world.now, () -> "delete " + pod.name);
    pod.deleting = true;
    changed();
    world.after(chance.between(10, 300), () -> remove(pod));
  }

  private void remove(Pod pod) {
    if (world.nodes.isCut(pod)) {
      world.after(500, () -> remove(pod)); // the kubelet does not hear of it
    } else {
      gone(pod);
    }
  }

  private void gone(Pod pod) {
    over(pod);
    if (pods.remove(pod.name, pod)) {
      changed();
      createLater(pod.ordinal);
    }
  }

  private void over(Pod pod) {
    if (!pod.over) {
      pod.over = true;
      stop(pod);
      String ip = pod.ip;
      if (ip != null) {
        world.after(300, () -> addresses.add(ip));
      }
    }
  }

  /** The object is gone at once; the process goes on until its machine is back. */
  void forceDelete(Pod pod) {
    if (pods.remove(pod.name, pod)) {
      world.trace.add(world.now, () -> "FAULT force delete " + pod.name);
      changed();
      createLater(pod.ordinal);
      orphans.add(pod);
      world.after(chance.between(10, 4000), () -> orphanEnds(pod));
    }
  }

  private void orphanEnds(Pod pod) {
    if (world.nodes.isCut(pod)) {
      world.after(1000, () -> orphanEnds(pod));
    } else {
      orphans.remove(pod);
      over(pod);
    }
  }

  void powerOff(String node) {
    pods().stream().filter(pod -> pod.node.equals(node)).forEach(this::stop);
    orphans.stream().filter(pod -> pod.node.equals(node)).forEach(this::stop);
  }

  void powerOn(String node) {
    pods().stream()
        .filter(pod -> pod.node.equals(node) && pod.server == null)
        .forEach(pod -> world.after(chance.between(500, 3000), () -> start(pod)));
  }

  /** Those that answer a server and know a primary. */
  private List<ModelSentinel> answering(Server from) {
    return pods().stream()
        .flatMap(pod -> Stream.ofNullable(in(pod)))
        .filter(watcher -> world.linked(from, watcher))
        .flatMap(watcher -> Stream.ofNullable(watcher.sentinel()))
        .filter(sentinel -> sentinel.epoch(Watch.MASTER) >= 0)
        .toList();
  }

  private static List<Monitored> seen(List<ModelSentinel> sentinels) {
    return sentinels.stream()
        .flatMap(sentinel -> sentinel.look(Watch.MASTER).monitored().stream())
        .toList();
  }

  /** What the stop script of a server does: each is sent the hello of another one. */
  void announce(Server from, String successor) {
    List<ModelSentinel> answering = answering(from);
    long term =
        1
            + seen(answering).stream()
                .mapToLong(one -> Math.max(one.epoch(), one.votes()))
                .max()
                .orElse(0);
    for (ModelSentinel sentinel : answering) {
      sentinel.look(Watch.MASTER).monitored().stream()
          .flatMap(one -> one.peers().stream().limit(1))
          .map(peer -> new Hello(peer, Watch.MASTER, successor, Replication.PORT, term))
          .forEach(sentinel::hear);
    }
  }

  /** What the stop script of a primary finds before that. */
  boolean haveElectedAnother(Server primary) {
    return answering(primary).stream()
        .max(Comparator.comparingLong(sentinel -> sentinel.epoch(Watch.MASTER)))
        .filter(newest -> !primary.ip.equals(newest.address(Watch.MASTER)))
        .isPresent();
  }

  private void probe() {
    boolean news = false;
    for (Pod pod : pods.values()) {
      boolean ready = isReady(pod);
      news |= ready != pod.passing;
      pod.passing = ready;
    }
    if (news) {
      changed();
    }
    world.after(PROBE, this::probe);
  }

  /** What the readiness probe finds: it knows a primary. */
  boolean isReady(Pod pod) {
    Watcher watcher = in(pod);
    ModelSentinel sentinel = watcher == null ? null : watcher.sentinel();
    return sentinel != null && !pod.deleting && sentinel.address(Watch.MASTER) != null;
  }

  /** One of them tells its clients of another primary. */
  void switched(Watcher watcher) {
    world.heard(watcher);
  }

  private void changed() {
    history.add(
        new State(
            world.now,
            pods.values().stream()
                .map(pod -> {
                  PodState seen = pod.view();
                  return new SentinelPod(
                      pod.name, pod.uid, pod.ordinal, seen.ip(), pod.deleting, pod.passing, null);
                })
                .toList()));
    world.api.changed();
  }

  List<SentinelPod> asOf(long time) {
    return history.reversed().stream()
        .filter(state -> state.at() <= time)
        .findFirst()
        .orElse(history.getFirst())
        .pods();
  }
}
