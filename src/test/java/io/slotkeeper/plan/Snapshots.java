package io.slotkeeper.plan;

import io.slotkeeper.redis.ClusterNode;
import io.slotkeeper.redis.ClusterTable;
import io.slotkeeper.redis.NodeSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a server of {@link Views} answers. */
final class Snapshots {

  private Snapshots() {}

  static NodeSnapshot of(Views.Pod pod, String version) {
    List<ClusterNode> nodes = new ArrayList<>();
    pod.table.forEach((id, line) -> {
      boolean myself = id.equals(pod.id);
      nodes.add(
          line.told(
              id, myself, myself ? pod.migrating : Map.of(), myself ? pod.importing : Map.of()));
    });
    boolean master = Objects.requireNonNull(pod.table.get(pod.id)).master == null;
    return new NodeSnapshot(
            new ClusterTable(nodes),
            true,
            pod.currentEpoch,
            pod.keys,
            NodeSnapshot.Engine.REDIS,
            version,
            pod.usedMemory,
            pod.maxMemory,
            1,
            pod.nodeTimeout,
            new NodeSnapshot.Replication(
                master,
                pod.masterHost,
                master || pod.linkUp,
                !master && !pod.linkUp,
                pod.linkDownSeconds,
                pod.offset,
                pod.replicationId))
        .withDiskError(pod.diskError)
        .withSampleSlot(pod.sampleSlot);
  }
}
