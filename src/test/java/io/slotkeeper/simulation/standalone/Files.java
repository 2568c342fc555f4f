package io.slotkeeper.simulation.standalone;

import io.slotkeeper.simulation.OperatorProcess;
import io.slotkeeper.simulation.Pod;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What the ConfigMap says, and what a container finds of it: kubelets are late. */
final class Files {
  /** A kubelet looks again that often, at most. */
  private static final int LATE = 60_000;

  private final StandaloneWorld world;

  /** How many other servers there may be, since when. */
  private final NavigableMap<Long, Integer> others = new TreeMap<>();

  Files(StandaloneWorld world) {
    this.world = world;
  }

  /**
   * @param most how many other servers there may be
   */
  void apply(OperatorProcess operator, int most) {
    if (others.isEmpty() || others.lastEntry().getValue() != most) {
      operator.spend("apply files: " + most + " replicas");
      world.api.mayWrite();
      others.put(world.now, most);
    }
  }

  /** A new pod finds what there is; in a running one it is there a while later. */
  boolean saysAlone(Pod pod) {
    long late = pod.restarts == 0 ? 1000 : world.chance.between(0, LATE);
    long seen = Math.max(world.now - late, pod.createdAt - 1000);
    var entry = others.floorEntry(seen);
    return entry != null && entry.getValue() == 0;
  }
}
