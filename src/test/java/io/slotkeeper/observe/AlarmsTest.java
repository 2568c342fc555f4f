package io.slotkeeper.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.redis.ClusterNode;
import io.slotkeeper.redis.ClusterNode.Flag;
import io.slotkeeper.redis.ClusterTable;
import io.slotkeeper.redis.NodeId;
import io.slotkeeper.redis.NodeSnapshot;
import io.slotkeeper.redis.SlotSet;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AlarmsTest {
  private Instant now = Instant.EPOCH;
  private final Alarms alarms = new Alarms(() -> now);

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
    PodView pod =
        new PodView(
            "x-shard0-0",
            "uid",
            0,
            0,
            "10.0.0.1",
            "node",
            Instant.EPOCH,
            false,
            true,
            PodView.Container.RUNNING,
            null);
    NodeSnapshot snapshot =
        new NodeSnapshot(
            new ClusterTable(List.of(node(1, SlotSet.of(1), Flag.MYSELF), other)),
            true,
            1,
            0,
            NodeSnapshot.Engine.REDIS,
            "7.0.15",
            1,
            0,
            1,
            5000,
            new NodeSnapshot.Replication(true, null, false, false, -1, 0, "x"));
    return new ClusterView(
        Instant.EPOCH, List.of(new Member(pod, new Sight.Seen(snapshot))), Memory.NONE, Set.of());
  }

  private Duration lasts(ClusterNode other) {
    return alarms.noted("uid", view(other)).strain().alarm();
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
    alarms.noted("uid", view);
    now = now.plusSeconds(5);
    assertThat(alarms.noted("another", view).strain().alarm()).isZero();

    alarms.retain(Set.of("another"));

    assertThat(alarms.noted("uid", view).strain().alarm()).isZero();
  }
}
