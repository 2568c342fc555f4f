package io.slotkeeper.simulation;

import java.util.stream.Stream;

/** What the operator must never do to pods, judged by the truth that it cannot see. */
final class Replacements {
  /** Replication is asynchronous: what was acknowledged in the last moments may be lost. */
  private static final int TAIL = 3500;

  private Replacements() {}

  static void mayReplace(World world, Pod pod) {
    for (Pod other : world.pods.ours()) {
      boolean disturbed = other != pod && other.replaced && !other.over && isMember(other);
      if (disturbed && isMember(pod) && (other.shard == pod.shard || isServing(pod))) {
        throw new Violation(pod.name + " is replaced while " + other.name + " is going");
      }
    }
    Volume volume = Volume.of(pod);
    if (!world.claims.goesWith(pod) || volume == null) {
      return;
    }
    for (int slot : world.ledger.slots()) {
      int owed =
          Math.min(world.ledger.versions(slot).settled(world.now - TAIL), world.ledger.owed(slot));
      if (owed > 0
          && world.ledger.kept(volume, slot) >= owed
          && others(world, pod).noneMatch(other -> world.ledger.kept(other, slot) >= owed)) {
        throw new Violation(
            "%s is replaced, and has the only copy of slot %d".formatted(pod.name, slot));
      }
    }
  }

  /** It was introduced to others, so it may have something, and it is known to have run. */
  private static boolean isMember(Pod pod) {
    Volume volume = Volume.of(pod);
    return pod.view().started() && volume != null && volume.table().size() > 1;
  }

  private static boolean isServing(Pod pod) {
    return pod.server != null && pod.server.serving();
  }

  /** The volumes that stay when this pod goes. */
  private static Stream<Volume> others(World world, Pod pod) {
    return world.volumes().stream()
        .filter(volume -> volume != pod.volume)
        .filter(volume ->
            world.pods.ours().stream()
                .noneMatch(other ->
                    other.volume == volume && other.deleting && world.claims.goesWith(other)));
  }
}
