package io.slotkeeper.simulation.standalone;

import io.slotkeeper.redis.cluster.NodeSnapshot;

/** What a server says of its replication (INFO replication). */
final class Info {

  private Info() {}

  static NodeSnapshot.Replication of(Server server) {
    Replication told = server.replication;
    boolean replica = told.host != null;
    boolean up = told.isUp();
    boolean unknown = !replica || up || told.downSince == History.NEVER;
    return new NodeSnapshot.Replication(
        !replica,
        told.host,
        told.port,
        !replica || up,
        told.isSyncing(),
        unknown ? -1 : (server.world.now - told.downSince) / 1000,
        !replica || up || told.continues ? told.offset : server.world.setting.unknownOffset(),
        told.id,
        told.formerId,
        told.formerEnd,
        server.failover.isUnderWay(),
        told.connected().map(Info::listed).toList());
  }

  /** A replica, as the server lists it that it follows. */
  private static NodeSnapshot.Copy listed(Server replica) {
    Replication seen = replica.replication;
    long lag = seen.isUp() ? (replica.world.now - seen.acknowledgedAt) / 1000 : 0;
    return new NodeSnapshot.Copy(replica.ip, Replication.PORT, seen.isUp(), seen.acknowledged, lag);
  }
}
