package io.slotkeeper.simulation.standalone;

import io.slotkeeper.model.PodRole;
import io.slotkeeper.simulation.Pod;
import io.slotkeeper.simulation.Violation;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What must be true of all servers together, judged by the truth. */
final class Invariants {

  private Invariants() {}

  /** Those that take writes, and have the label that the Service selects. */
  static List<Server> primaries(StandaloneWorld world) {
    return world.ours().stream()
        .filter(server -> server.writable() && server.pod.role == PodRole.MASTER)
        .filter(server -> world.pods.pod(server.pod.name) == server.pod)
        .toList();
  }

  /** All is well, and everything that was acknowledged and not destroyed can be read. */
  static void healed(StandaloneWorld world) {
    Server primary = world.ledger.leader();
    if (primary == null || !primary.writable() || !primary.data.contains(world.ledger.owed())) {
      throw new Violation("the primary is " + primary + ", owed is " + world.ledger.owed());
    }
    Set<String> pods = world.pods.ours().stream().map(pod -> pod.name).collect(Collectors.toSet());
    if (!pods.equals(Set.copyOf(world.wanted.pods()))) {
      throw new Violation("wanted are " + world.wanted.pods() + ", there are " + pods);
    }
    for (Pod pod : world.pods.ours()) {
      Server server = Server.in(pod);
      if (server == null) {
        throw new Violation(pod.name + " has no server");
      }
      if (server != primary && (server.isMaster() || !follows(server, primary))) {
        throw new Violation(server + " does not follow " + primary);
      }
      if (server != primary && !server.clients.isEmpty()) {
        throw new Violation(server + " is no primary, and has clients: " + server.clients);
      }
      if ((server == primary) != (pod.role == PodRole.MASTER)) {
        throw new Violation(server + " is labelled " + pod.role + ", the primary is " + primary);
      }
    }
    readable(world, primary);
  }

  private static boolean follows(Server replica, Server primary) {
    return replica.replication.isUp() && primary.replication.online().contains(replica);
  }

  private static void readable(StandaloneWorld world, Server primary) {
    Set<String> reads = new TreeSet<>();
    world.pods.ours().stream().filter(pod -> pod.reads).forEach(pod -> reads.add(pod.name));
    Set<String> wanted = new TreeSet<>();
    world.pods.ours().stream()
        .filter(pod -> pod.server != primary || world.wanted.replicas() == 0)
        .forEach(pod -> wanted.add(pod.name));
    if (!reads.equals(wanted)) {
      throw new Violation("labelled for reads are " + reads + ", it should be " + wanted);
    }
  }
}
