package io.slotkeeper.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A planned failover is done on the answers of that moment, or not at all. */
class PlannedFailoverTest {
  private final Stage stage = new Stage();

  private Outcome handOver() {
    return stage.execute(new Action.PlannedFailover(stage.target("r"), Stage.MASTER, "m"));
  }

  private void refused(String reason, Consumer<Stage> since) {
    since.accept(stage);
    Outcome outcome = handOver();
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    assertThat(((Outcome.Refused) outcome).reason()).contains(reason);
    assertThat(stage.commands).isEmpty();
  }

  @Test
  void theReplicaIsAskedGracefully() {
    assertThat(handOver()).isInstanceOf(Outcome.Done.class);
    assertThat(stage.commands).containsExactly("r failover GRACEFUL");
  }

  @Test
  void notTwice() {
    refused(
        "not a master with slots",
        s -> {
          s.pod("m").master = Stage.REPLICA;
          s.pod("m").slots = SlotSet.NONE;
          s.pod("r").master = null;
        });
  }

  @Test
  void notToAReplicaThatIsBehind() {
    refused("not in sync", s -> s.pod("r").linkUp = false);
  }

  @Test
  void notToAReplicaThatLacksMoreThanItsMasterWouldWaitFor() {
    refused("not in sync", s -> s.pod("m").offset += 17 << 20);
  }

  @Test
  void notToAReplicaOfAnother() {
    refused("not a replica of that master", s -> s.pod("r").master = Stage.id(3));
  }

  @Test
  void notFromAnotherNodeInThatPod() {
    refused("another node by now", s -> s.pod("m").id = Stage.id(3));
  }

  @Test
  void notWhereThePodIsGone() {
    refused("is not there", s -> s.pods.remove("m"));
  }

  @Test
  void notWhileAnotherPodGoes() {
    refused(
        "other is on its way out",
        s -> {
          s.add("other", Stage.id(3)).terminating = true;
        });
  }

  @Test
  void notWhileTheMasterMissesANode() {
    refused(
        "misses other nodes",
        s -> s.pod("m").others.add(Stage.line(Stage.id(3), null, SlotSet.NONE, Flag.PFAIL)));
  }

  @Test
  void notWhileTheClusterIsDown() {
    refused("misses other nodes", s -> s.pod("m").stateOk = false);
  }

  @Test
  void notWhileSlotsAreOnTheMove() {
    refused("on the move", s -> s.pod("m").migrating = Map.of(5, Stage.id(3)));
  }

  @Test
  void whereTheMasterDoesNotAnswerNothingIsDone() {
    stage.pod("m").silent = true;

    assertThat(handOver()).isInstanceOf(Outcome.Failed.class);
    assertThat(stage.commands).isEmpty();
  }
}
