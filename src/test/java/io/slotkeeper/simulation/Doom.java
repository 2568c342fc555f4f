package io.slotkeeper.simulation;

/**
 * Copies of a key that are there still, and that the servers delete as soon as they hear of each
 * other, whatever the operator does.
 */
final class Doom {
  private final World world;

  Doom(World world) {
    this.world = world;
  }

  boolean awaits(Volume volume, int slot) {
    return followsDeletion(volume, slot) || wasGivenAway(volume, slot) || isOutdated(volume, slot);
  }

  /** A replica that has not heard yet that its master has sent the key away. */
  boolean followsDeletion(Volume volume, int slot) {
    Line self = volume.self();
    return world.scenario.scales()
        && self != null
        && self.replicaOf != null
        && world.servers().stream()
            .filter(master -> master.id.equals(self.replicaOf) && master.serving())
            .anyMatch(master -> master.volume.version(slot) == 0);
  }

  /**
   * The same where that master does not run now: the key is not on its volume, nor the slot its own
   * any more. A replica that takes over meanwhile does not get the slot either: a server that knows
   * the slot's owner, dead or not, does not vote for the replica.
   */
  private boolean wasGivenAway(Volume volume, int slot) {
    Line self = volume.self();
    return world.scenario.scales()
        && self != null
        && self.replicaOf != null
        && world.volumes().stream()
            .filter(other -> self.replicaOf.equals(other.id) && other.version(slot) == 0)
            .map(Volume::self)
            .anyMatch(master -> master != null && master.master && !master.slots.contains(slot));
  }

  /**
   * A former master that was cut off before its slots went to others. It hears of that from the
   * first server that it reaches, and deletes its keys of them (clusterUpdateSlotsConfigWith), even
   * if the server that got them is gone by then. The operator does not reach it before, and is not
   * needed for them to meet. One whose slots all went to one that has no others becomes its
   * replica, and keeps its copy: that is not given up here.
   */
  private boolean isOutdated(Volume volume, int slot) {
    Line self = volume.self();
    if (self == null || !self.master || !self.slots.contains(slot)) {
      return false;
    }
    return world.servers().stream()
        .filter(peer -> peer.serving() && peer.volume != volume && meet(volume, peer))
        .map(peer -> peer.ownerOf(slot))
        .anyMatch(owner ->
            owner != null
                && !owner.id.equals(self.id)
                && owner.epoch > self.epoch
                && !owner.slots.minus(self.slots).isEmpty());
  }

  /** One of them has the other's address, and both their lines. */
  private static boolean meet(Volume volume, Server peer) {
    Server server = (Server) volume.server;
    Line line = volume.id == null ? null : peer.line(volume.id);
    return line != null
        && ((server != null && server.ip.equals(line.ip))
            || volume.table().stream()
                .anyMatch(other -> other.id.equals(peer.id) && peer.ip.equals(other.ip)));
  }
}
