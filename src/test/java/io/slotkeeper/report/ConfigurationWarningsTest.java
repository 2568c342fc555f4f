package io.slotkeeper.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.AcceptedLosses;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.Remembered;
import io.slotkeeper.observe.ServerAnswer;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.ClusterTable;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.testing.NodeSnapshots;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** An annotation that accepts no loss is not silently ignored. */
class ConfigurationWarningsTest {
  private static final NodeId LIVING = new NodeId("a".repeat(40));
  private static final NodeId DEAD = new NodeId("d".repeat(40));

  private static String warning(String annotation) {
    NodeSnapshot snapshot =
        NodeSnapshots.of(
            new ClusterTable(
                List.of(
                    line(LIVING, Set.of(Flag.MYSELF, Flag.MASTER), SlotSet.range(0, 9)),
                    line(DEAD, Set.of(Flag.MASTER, Flag.FAIL), SlotSet.range(10, 16383)))));
    PodState pod =
        new PodState(
            "x-shard0-0",
            "uid",
            0,
            0,
            "10.0.0.1",
            "node-1",
            Instant.EPOCH,
            false,
            true,
            PodState.Container.RUNNING,
            null);
    ClusterView view =
        new ClusterView(
                Instant.EPOCH,
                List.of(new Member(pod, new ServerAnswer.Answered(snapshot))),
                Remembered.NONE,
                Set.of())
            .withAcceptedLosses(AcceptedLosses.parse(annotation));
    return ConfigurationWarnings.ofAcceptedLosses(view).map(Problem::message).orElse("");
  }

  private static ClusterNode line(NodeId id, Set<Flag> flags, SlotSet slots) {
    return new ClusterNode(id, null, flags, null, 1, true, slots, Map.of(), Map.of());
  }

  @Test
  void aLostMasterIsNoMistake() {
    assertThat(warning(DEAD.value())).isEmpty();
    assertThat(warning("")).isEmpty();
  }

  @Test
  void whatIsNoNodeIdIsReported() {
    assertThat(warning(DEAD + ", yes")).contains("holds 'yes'", "40 hexadecimal digits");
  }

  @Test
  void aLivingOrUnknownNodeIsReported() {
    String unknown = "e".repeat(40);
    assertThat(warning(LIVING.value())).contains("names " + LIVING, "not a lost master");
    assertThat(warning(DEAD + "," + unknown)).contains("names " + unknown + ",");
  }

  @Test
  void onlyANodeWithoutSlotsCanReplaceAnUnknownOwner() {
    assertThat(warning("replaced-by:" + LIVING)).contains("names " + LIVING);
  }
}
