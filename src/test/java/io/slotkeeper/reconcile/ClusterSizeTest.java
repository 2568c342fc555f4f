package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisSpec;
import io.slotkeeper.observe.Inventory;
import io.slotkeeper.observe.Remembered;
import io.slotkeeper.observe.RememberedShard;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.testing.KubernetesObjects;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClusterSizeTest {
  private static final ClusterSize ASKED = new ClusterSize(7, 4);

  private static RedisSpec asked(String size) {
    return Serialization.unmarshal("spec: {version: v, %s}".formatted(size), Redis.class).getSpec();
  }

  private static StatefulSet shard(int pods) {
    return KubernetesObjects.statefulSet("x", pods);
  }

  @Test
  void theLimitItselfIsNoProblem() {
    assertThat(
            ClusterSize.problem(asked("mode: Cluster, cluster: {master: 150, replicas: 1}"), 300))
        .isEmpty();
  }

  @Test
  void oneMoreThanTheLimitIsRefusedAndTheLimitIsNamed() {
    Problem problem =
        ClusterSize.problem(asked("mode: Cluster, cluster: {master: 301}"), 300).orElseThrow();

    assertThat(problem.reason()).isEqualTo(Reason.TooManyServers);
    assertThat(problem.message())
        .contains("spec.cluster asks for 301 servers", "300", "settings.maxServers");
  }

  @Test
  void theFieldOfItsModeIsNamed() {
    RedisSpec standalone = asked("mode: Standalone, standalone: {replicas: 5}");

    assertThat(ClusterSize.problem(standalone, 6)).isEmpty();
    assertThat(ClusterSize.problem(standalone, 5).orElseThrow().message())
        .startsWith("spec.standalone asks for 6 servers");
  }

  @Test
  void whatRunsIsAsLargeAsItsLastShardAndItsLargestStatefulSet() {
    Inventory gap = Inventory.of(Map.of(0, shard(2), 4, shard(3)), Map.of());

    assertThat(ClusterSize.running(gap, List.of(), Remembered.NONE, ASKED))
        .isEqualTo(new ClusterSize(5, 2));
  }

  @Test
  void whatIsHaltedHasTheReplicasThatAreAsked() {
    Inventory halted = Inventory.of(Map.of(0, shard(0), 1, shard(0)), Map.of());

    assertThat(ClusterSize.running(halted, List.of(), Remembered.NONE, ASKED))
        .isEqualTo(new ClusterSize(2, 4));
  }

  @Test
  void whatWasNotBegunIsSmall() {
    assertThat(ClusterSize.running(Inventory.EMPTY, List.of(), Remembered.NONE, ASKED))
        .isEqualTo(new ClusterSize(1, 4));
  }

  /** Its StatefulSet was deleted: its slots are not to be given to the shards that are left. */
  @Test
  void aShardThatOwnedSlotsCountsWithoutItsStatefulSet() {
    RememberedShard.Owner owner =
        new RememberedShard.Owner(new NodeId("a".repeat(40)), 3, SlotSet.of(7));
    Remembered remembered =
        new Remembered(
            Map.of(),
            Map.of(),
            Map.of(
                2, new RememberedShard(owner, List.of(), Set.of(), true), 5, RememberedShard.NONE),
            true);

    assertThat(
            ClusterSize.running(
                Inventory.of(Map.of(0, shard(2)), Map.of()), List.of(), remembered, ASKED))
        .isEqualTo(new ClusterSize(3, 1));
  }

  /** A StatefulSet that another controller has given to this Redis. */
  @Test
  void noNumberOfAStatefulSetIsTooLarge() {
    Inventory absurd = Inventory.of(Map.of(2_000_000_000, shard(1)), Map.of());

    assertThat(ClusterSize.running(absurd, List.of(), Remembered.NONE, ASKED).masters())
        .isEqualTo(SlotSet.COUNT);
  }
}
