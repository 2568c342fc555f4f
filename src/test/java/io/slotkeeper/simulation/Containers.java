package io.slotkeeper.simulation;

import io.slotkeeper.model.PodState.Container;
import java.util.Objects;

/** What kubelets start, and how it ends. */
public final class Containers {
  private final Platform world;

  /** Until then servers take long to load. */
  public long slowUntil;

  Containers(Platform world) {
    this.world = world;
  }

  void start(Pod pod) {
    if (pod.over || pod.deleting || pod.off || pod.server != null) {
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
    if (pod.volume.corrupt && !world.mends(pod)) {
      pod.container = Container.RUNNING; // it asks again
      report(pod);
      world.after(1000, () -> start(pod));
      return;
    }
    pod.crashing = false;
    String ip = Objects.requireNonNull(pod.ip);
    ServerProcess server = world.newServer(pod, Objects.requireNonNull(pod.volume), ip);
    pod.server = server;
    pod.run(world.now);
    world.started(server);
    world.trace.add(world.now, () -> "server " + server + " starts at " + ip);
    report(pod);
    world.guard(server, () -> load(server));
  }

  private void load(ServerProcess server) {
    server.phase = ServerProcess.Phase.LOADING;
    int millis = world.now < slowUntil ? world.chance.between(1000, 8000) : 50;
    world.after(
        millis,
        () -> {
          if (server.phase == ServerProcess.Phase.LOADING) {
            server.serve();
          }
        });
  }

  public void report(Pod pod) {
    world.after(
        world.chance.between(10, world.chance.oneIn(4) ? 1000 : 100),
        () -> {
          if (world.nodes.isCut(pod)) {
            report(pod); // it tries again
          } else if (world.pods.pod(pod.name) == pod) {
            pod.report();
            world.api.changed();
          }
        });
  }

  /** kill -9 of the server; the container starts again in the same pod. */
  public void kill(Pod pod) {
    ServerProcess server = pod.server;
    if (server == null) {
      return;
    }
    world.trace.add(world.now, () -> "FAULT kill " + server);
    end(pod);
  }

  private void end(Pod pod) {
    ServerProcess server = Objects.requireNonNull(pod.server);
    stop(pod);
    server.killed();
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
  public void crash(Pod pod) {
    if (pod.server != null) {
      world.trace.add(world.now, () -> pod.name + " ends: it cannot write");
      end(pod);
    }
  }

  /** A write was torn, or a disk is broken: the server ends, and cannot read it any more. */
  public void corrupt(Pod pod) {
    if (pod.server != null) {
      world.trace.add(world.now, () -> "FAULT nodes.conf of " + pod.name + " is corrupt");
      Objects.requireNonNull(pod.volume).corrupt = true;
      end(pod);
    }
  }

  /** All that runs on a node ends at once, without notice. */
  void powerOff(String node) {
    world.powerOff(node);
    world
        .pods
        .on(node)
        .forEach(pod -> {
          pod.off = true;
          ServerProcess server = pod.server;
          stop(pod);
          if (server != null) {
            server.powerFailed();
          }
        });
  }

  /** The containers of the pods that are still wanted there start again, in new sandboxes. */
  void powerOn(String node) {
    world.powerOn(node);
    for (Pod pod : world.pods.on(node)) {
      if (pod.off && !pod.deleting) {
        pod.off = false;
        pod.container = Container.TERMINATED;
        if (world.chance.oneIn(2)) {
          world.pods.move(pod);
        }
        report(pod);
        world.after(world.chance.between(500, 3000), () -> start(pod));
      }
    }
  }

  void stop(Pod pod) {
    ServerProcess server = pod.server;
    if (server != null) {
      pod.server = null;
      world.ended(server);
    }
  }
}
