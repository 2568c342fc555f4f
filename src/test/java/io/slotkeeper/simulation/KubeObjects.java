package io.slotkeeper.simulation;

import io.slotkeeper.api.Mode;
import io.slotkeeper.model.AttemptHistory;
import io.slotkeeper.model.StatefulSetState;
import io.slotkeeper.observe.ClaimState;
import io.slotkeeper.observe.Inventory;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.resources.Labels;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** StatefulSets and claims, as the API server has them, where the user changes templates. */
final class KubeObjects {
  private final Platform world;
  private final Map<String, NodeId> marks;
  private final Map<Integer, Map<String, String>> annotations = new HashMap<>();

  /** Of the last primary on a volume. */
  private final Map<String, Long> terms = new HashMap<>();

  KubeObjects(Platform world, Map<String, NodeId> marks) {
    this.world = world;
    this.marks = marks;
  }

  void annotate(int shard, String annotation, String value) {
    annotations.computeIfAbsent(shard, _ -> new HashMap<>()).put(annotation, value);
  }

  void annotate(String pod, long term) {
    if (world.claims.of(pod) != null) {
      terms.put(pod, term);
    }
  }

  /** The claim is gone. */
  void forget(String pod) {
    terms.remove(pod);
  }

  Inventory inventory() {
    boolean seen = world.scenario.updates() || world.scenario.mode() == Mode.Standalone;
    return seen ? new Inventory(sets(), claims()) : Inventory.EMPTY;
  }

  private Map<Integer, StatefulSetState> sets() {
    Map<Integer, StatefulSetState> sets = new HashMap<>();
    world
        .pods
        .sizes()
        .forEach((shard, size) -> {
          Map<String, String> notes = annotations.getOrDefault(shard, Map.of());
          sets.put(
              shard,
              new StatefulSetState(
                  "x-shard" + shard,
                  world.templates.isObserved() ? world.templates.observed().toString() : null,
                  size,
                  Instant.EPOCH,
                  AttemptHistory.parse(notes.get(Labels.NUDGES)),
                  AttemptHistory.parse(notes.get(Labels.MOVES))));
        });
    return sets;
  }

  Map<String, ClaimState> claims() {
    Map<String, ClaimState> claims = new HashMap<>();
    for (String pod : world.claims.names()) {
      if (Pod.isOurs(pod)) {
        claims.put(
            pod,
            new ClaimState(
                "data-" + pod,
                true,
                world.claims.isTerminating(pod),
                marks.get(pod),
                terms.getOrDefault(pod, 0L)));
      }
    }
    return claims;
  }
}
