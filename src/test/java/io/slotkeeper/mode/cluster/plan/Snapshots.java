package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.ServerAnswer;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterTable;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.testing.NodeSnapshots;
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
    NodeSnapshot.Replication replication =
        new NodeSnapshot.Replication(
            master,
            pod.masterHost,
            master ? 0 : 6379,
            master || pod.linkUp,
            !master && !pod.linkUp,
            pod.linkDownSeconds,
            pod.offset,
            pod.replicationId,
            null,
            -1,
            false);
    return new NodeSnapshot(
        new NodeSnapshot.Server(
            NodeSnapshots.RUN_ID,
            pod.keys,
            NodeSnapshot.Engine.REDIS,
            version,
            pod.usedMemory,
            pod.maxMemory,
            1,
            replication,
            pod.diskError),
        new NodeSnapshot.Cluster(
            new ClusterTable(nodes), true, pod.currentEpoch, pod.nodeTimeout, pod.sampleSlot));
  }

  static Member member(Views.Pod pod, String version) {
    return new Member(view(pod), sight(pod, version));
  }

  private static PodState view(Views.Pod pod) {
    String[] parts = pod.name.substring("x-shard".length()).split("-", -1);
    return new PodState(
            pod.name,
            "uid of " + pod.name,
            Integer.parseInt(parts[0]),
            Integer.parseInt(parts[1]),
            pod.ip,
            "node-" + parts[1],
            pod.createdAt,
            false,
            pod.silence == null,
            pod.container,
            null)
        .withRole(pod.role);
  }

  private static ServerAnswer sight(Views.Pod pod, String version) {
    if (pod.ip == null) {
      return new ServerAnswer.NoAddress();
    }
    return pod.silence == null
        ? new ServerAnswer.Answered(of(pod, version))
        : new ServerAnswer.Failed(pod.silence, "no answer", pod.lost);
  }
}
