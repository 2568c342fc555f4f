package io.slotkeeper.simulation.standalone;

import io.slotkeeper.model.PodRole;
import io.slotkeeper.simulation.Chance;
import io.slotkeeper.simulation.Pod;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the Services and the name service lead to: what the API server knew a moment ago, and on a
 * machine that is cut off, before that.
 */
final class Services {
  private static final int KEPT = 30_000;

  private record State(long at, List<String> writable, Map<String, String> names) {}

  private final StandaloneWorld world;
  private final Deque<State> history = new ArrayDeque<>();

  /** Until then no name is resolved. */
  long namelessUntil;

  Services(StandaloneWorld world) {
    this.world = world;
    history.add(new State(0, List.of(), Map.of()));
  }

  void tick() {
    List<String> writable = new ArrayList<>();
    Map<String, String> names = new HashMap<>();
    for (Pod pod : world.pods.ours()) {
      String ip = pod.reportedIp();
      if (ip != null) {
        names.put(pod.name, ip);
        if (isOfPrimary(pod) && pod.isReady() && !pod.deleting) {
          writable.add(ip);
        }
      }
    }
    State last = history.getLast();
    if (!last.writable().equals(writable) || !last.names().equals(names)) {
      history.addLast(new State(world.now, writable, names));
    }
    while (history.size() > 1 && history.getFirst().at() < world.now - KEPT) {
      State first = history.removeFirst();
      if (history.getFirst().at() > world.now - KEPT) {
        history.addFirst(first);
        return;
      }
    }
  }

  private State asOf(long time) {
    State found = history.getFirst();
    for (State state : history) {
      if (state.at() <= time) {
        found = state;
      }
    }
    return found;
  }

  /** What a new connection through the Service ends at. */
  @Nullable Server writable(@Nullable String node, Chance chance) {
    long now = node != null && world.nodes.isCut(node) ? world.nodes.cutAt(node) : world.now;
    List<String> endpoints = asOf(now - chance.between(100, 1000)).writable();
    return endpoints.isEmpty() ? null : world.listening(chance.of(endpoints));
  }

  /**
   * The address of a pod of ours, or of one that had the name before.
   *
   * @return null where the name service says that there is none
   */
  @Nullable String address(String pod) {
    int late = world.chance.oneIn(4) ? 5000 : 500;
    return asOf(world.now - world.chance.between(0, late)).names().get(pod);
  }

  boolean areNameless() {
    return world.now < namelessUntil;
  }

  static boolean isOfPrimary(Pod pod) {
    return pod.role == PodRole.MASTER;
  }
}
