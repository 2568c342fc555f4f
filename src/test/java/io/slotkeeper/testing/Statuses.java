package io.slotkeeper.testing;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisStatus;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A Redis in each mode, and statuses of it. */
public final class Statuses {
  private static final List<String> SLOTS_OF_TWO = List.of("0-8191", "8192-16383");

  private Statuses() {}

  /** Its UID is {@code uid of NAME}. */
  public static Redis redis(String name, String modeAndSize) {
    return Serialization.unmarshal(
        """
        apiVersion: slotkeeper.io/v1alpha1
        kind: Redis
        metadata: {name: %1$s, namespace: ns, uid: uid of %1$s, generation: 1}
        spec: {version: "7.0", storageType: Ephemeral, %2$s}
        """
            .formatted(name, modeAndSize),
        Redis.class);
  }

  /** Two shards with a replica each. */
  public static Redis cluster() {
    return redis("x", "mode: Cluster, cluster: {master: 2, replicas: 1}");
  }

  /** All is well; the pods are the masters of its shards. */
  public static RedisStatus cluster(String master0, String master1) {
    return status(
        "ClusterFormed SlotsCovered",
        "2 of 2 replicas are in sync.",
        "4/4",
        shard("x-shard0", SLOTS_OF_TWO.get(0), 8192, master0)
            + shard("x-shard1", SLOTS_OF_TWO.get(1), 8192, master1));
  }

  public static RedisStatus standalone(String master) {
    return status(
        "Initialized PrimaryAvailable",
        "1 of 1 replicas are in sync.",
        "2/2",
        shard("x-shard0", "", 0, master));
  }

  public static RedisStatus sentinel(String master) {
    return status(
        "Initialized PrimaryAvailable SentinelsAgree",
        "1 of 1 replicas are in sync.",
        "2/2",
        shard("x-shard0", "", 0, master));
  }

  /**
   * @param master empty for none
   */
  public static String shard(String name, String slots, int count, String master) {
    return "- {name: %s, slotCount: %d%s%s, replicas: [r]}\n"
        .formatted(
            name,
            count,
            slots.isEmpty() ? "" : ", slots: \"" + slots + "\"",
            master.isEmpty() ? "" : ", master: " + master);
  }

  /**
   * A status that is Ready.
   *
   * @param conditions further ones that are True
   * @param shards from {@link #shard}
   */
  public static RedisStatus status(
      String conditions, String replicas, String readyPods, String shards) {
    String others =
        Arrays.stream(conditions.split(" "))
            .map(type -> "- {type: %s, status: \"True\"}\n".formatted(type))
            .collect(Collectors.joining());
    return Serialization.unmarshal(
        """
        phase: Running
        version: 7.0.15
        readyPods: %s
        conditions:
        - {type: Ready, status: "True"}
        - {type: Degraded, status: "False"}
        - {type: ConfigurationApplied, status: "True"}
        - {type: ReplicasAttached, status: "True", message: "%s"}
        %sshards:
        %s
        """
            .formatted(readyPods, replicas, others, shards),
        RedisStatus.class);
  }
}
