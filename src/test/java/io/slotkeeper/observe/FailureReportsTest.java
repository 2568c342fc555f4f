package io.slotkeeper.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.PodState;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.ClusterTable;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.testing.NodeSnapshots;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FailureReportsTest {
  private Instant now = Instant.EPOCH;
  private final FailureReports failureReports = new FailureReports(() -> now);

  private static ClusterNode node(int number, SlotSet slots, Flag... flags) {
    return new ClusterNode(
        new NodeId("%040x".formatted(number)),
        null,
        EnumSet.of(Flag.MASTER, flags),
        null,
        1,
        true,
        slots,
        Map.of(),
        Map.of());
  }

  private static ClusterView view(ClusterNode other) {
    PodState pod =
        new PodState(
            "x-shard0-0",
            "uid",
            0,
            0,
            "10.0.0.1",
            "node",
            Instant.EPOCH,
            false,
            true,
            PodState.Container.RUNNING,
            null);
    NodeSnapshot snapshot =
        NodeSnapshots.of(new ClusterTable(List.of(node(1, SlotSet.of(1), Flag.MYSELF), other)));
    return new ClusterView(
        Instant.EPOCH,
        List.of(new Member(pod, new ServerAnswer.Answered(snapshot))),
        Remembered.NONE,
        Set.of());
  }

  private Duration lasts(ClusterNode other) {
    return failureReports.observe("uid", view(other)).load().failureReported();
  }

  @Test
  void lastsFromTheFirstMarkAndOverAShortCalm() {
    ClusterNode failed = node(2, SlotSet.of(2), Flag.FAIL);
    assertThat(lasts(failed)).isZero();
    now = now.plusSeconds(5);
    assertThat(lasts(failed)).isEqualTo(Duration.ofSeconds(5));

    now = now.plusSeconds(3);
    assertThat(lasts(node(2, SlotSet.of(2)))).isZero();
    now = now.plusSeconds(3);
    assertThat(lasts(failed)).isEqualTo(Duration.ofSeconds(11));

    now = now.plusSeconds(11);
    assertThat(lasts(failed)).isZero();
  }

  @Test
  void isNotOneWhereNothingIsMissedOrOneServerSuspectsIt() {
    for (ClusterNode other :
        List.of(node(2, SlotSet.NONE, Flag.FAIL), node(2, SlotSet.of(2), Flag.PFAIL))) {
      assertThat(lasts(other)).isZero();
      now = now.plusSeconds(5);
    }
    assertThat(lasts(node(2, SlotSet.of(2), Flag.FAIL))).isZero();
  }

  @Test
  void eachRedisHasItsOwnAndItGoesWithIt() {
    ClusterView view = view(node(2, SlotSet.of(2), Flag.FAIL));
    failureReports.observe("uid", view);
    now = now.plusSeconds(5);
    assertThat(failureReports.observe("another", view).load().failureReported()).isZero();

    failureReports.retain(Set.of("another"));

    assertThat(failureReports.observe("uid", view).load().failureReported()).isZero();
  }
}
