package io.slotkeeper.simulation;

import io.slotkeeper.model.Finding;
import io.slotkeeper.plan.Topology;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The user deletes the Redis, whose claims stay (termination policy Pause), and applies it again,
 * often smaller. By a chance of its own, so that other seeds do not depend on it.
 */
final class Recreation {
  private static final Pattern SIZE =
      Pattern.compile("set spec\\.cluster\\.(master|replicas) to at least (\\d+)");

  private final World world;
  private final Chance chance;

  Recreation(World world) {
    this.world = world;
    chance = new Chance(world.scenario.seed() ^ 0xDE1E7E);
    if (world.scenario.isRecreated()) {
      world.after(chance.between(12_000, 35_000), this::delete);
    }
  }

  private void delete() {
    world.trace.add(world.now, () -> "the user deletes the Redis, and keeps the claims");
    world.exists = false;
    world.deletions++;
    world.pods.dismantle();
    for (Pod pod : world.pods.ours()) {
      pod.unwanted = true;
      world.pods.delete(pod, false);
    }
    world.api.forget();
    world.after(chance.between(100, 5000), this::apply);
  }

  private void apply() {
    Topology before = world.scenario.topology();
    world.wanted =
        new Topology(
            before.name(),
            chance.between(1, before.shards()),
            chance.between(0, before.replicas()),
            before.nodeTimeoutMillis());
    world.exists = true;
    world.trace.add(
        world.now,
        () ->
            "the user applies it again: %d masters, %d replicas each"
                .formatted(world.wanted.shards(), world.wanted.replicas()));
    world.api.changed();
  }

  /** Does what the status says of the size. */
  static boolean obey(World world, List<Finding> findings) {
    for (Finding finding : findings) {
      Matcher matcher = SIZE.matcher(finding.message());
      if (matcher.find()) {
        int least = Integer.parseInt(matcher.group(2));
        Topology now = world.wanted;
        boolean masters = matcher.group(1).equals("master");
        world.wanted =
            new Topology(
                now.name(),
                masters ? least : now.shards(),
                masters ? now.replicas() : least,
                now.nodeTimeoutMillis());
        world.trace.add(world.now, () -> "the user does as told: " + matcher.group());
        world.api.changed();
        return true;
      }
    }
    return false;
  }
}
