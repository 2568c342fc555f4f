package io.slotkeeper.simulation;

import io.slotkeeper.plan.Topology;
import java.util.ArrayList;
import java.util.List;

/**
 * When the user wants another size, and which: in the middle of a change, too, and back again. By a
 * chance of its own, so that what else happens to a seed does not depend on it.
 */
final class Resizing {
  static final int MOST_MASTERS = 5;
  private static final int MOST_REPLICAS = 2;
  static final int MOST_PODS = MOST_MASTERS * (MOST_REPLICAS + 1);

  private final World world;
  private final Chance chance;
  private final List<Topology> former = new ArrayList<>();

  Resizing(World world) {
    this.world = world;
    chance = new Chance(world.scenario.seed() ^ 0x5CA1E);
    if (!world.scenario.scales()) {
      return;
    }
    int at = chance.between(2000, 30_000);
    for (int i = chance.between(1, 4); i > 0; i--) {
      world.after(at, this::happen);
      // Often before the last change is through.
      at += chance.oneIn(2) ? chance.between(100, 5000) : chance.between(5000, 20_000);
      at = Math.min(at, Faults.END - 1000);
    }
  }

  private void happen() {
    Topology now = world.wanted;
    Topology next =
        !former.isEmpty() && chance.oneIn(3)
            ? former.getLast()
            : new Topology(
                now.name(),
                chance.oneIn(5) ? now.shards() : chance.between(1, MOST_MASTERS),
                chance.oneIn(3) ? chance.between(0, MOST_REPLICAS) : now.replicas(),
                now.nodeTimeoutMillis());
    former.add(now);
    world.wanted = next;
    world.trace.add(
        world.now,
        () ->
            "the user wants %d masters, %d replicas each"
                .formatted(next.shards(), next.replicas()));
    world.api.changed();
  }
}
