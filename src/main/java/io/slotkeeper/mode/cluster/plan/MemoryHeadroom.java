package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.mode.cluster.plan.SlotBalance.Move;
import io.slotkeeper.model.Blocker;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Whether shards have room for the slots they are to get. */
final class MemoryHeadroom {
  private static final long MIB = 1 << 20;

  private MemoryHeadroom() {}

  /** Which shards lack memory, if any. A server without {@code maxmemory} is not checked. */
  static Optional<Blocker> unmet(ClusterModel cluster, List<Move> moves) {
    TreeMap<Integer, Long> incoming = new TreeMap<>();
    for (Move move : moves) {
      incoming.merge(move.destination(), bytes(cluster, move), Long::sum);
    }
    List<String> short_ =
        incoming.entrySet().stream()
            .map(entry -> missing(cluster, entry.getKey(), entry.getValue()))
            .flatMap(Optional::stream)
            .toList();
    return short_.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Blocker(
                Blocker.Kind.MEMORY,
                String.join(" ", short_)
                    + " Nothing is moved. Raise the memory limit of the pods first and maxmemory in spec.config after that, remove data, or set spec.cluster.master back."));
  }

  private static long bytes(ClusterModel cluster, Move move) {
    return cluster
        .masterOf(move.source())
        .map(peer ->
            peer.snapshot().usedMemory()
                * move.slots().size()
                / Math.max(1, cluster.ownership().of(peer.id()).size()))
        .orElse(0L);
  }

  private static Optional<String> missing(ClusterModel cluster, int shard, long incoming) {
    return cluster
        .masterOf(shard)
        .filter(peer -> peer.snapshot().maxMemory() > 0)
        .filter(peer -> incoming > peer.snapshot().maxMemory() - peer.snapshot().usedMemory())
        .map(peer -> {
          long free = Math.max(0, peer.snapshot().maxMemory() - peer.snapshot().usedMemory());
          return "Shard %d would get about %d MiB and has %d MiB free: %d MiB are missing."
              .formatted(shard, up(incoming), free / MIB, up(incoming) - free / MIB);
        });
  }

  private static long up(long bytes) {
    return (bytes + MIB - 1) / MIB;
  }
}
