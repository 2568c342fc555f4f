package io.slotkeeper.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Taint;
import io.slotkeeper.model.KubernetesNode;
import io.slotkeeper.model.PodState.Container;
import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.cluster.NodeId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Without a vote, no replica takes over from a master that may still serve elsewhere. */
class TakeoverTest {
  private static final NodeId OTHER = Stage.id(8);

  private final Stage stage = new Stage();

  /** Where they may have run; empty where that is not known. */
  private Set<String> machines = Set.of();

  private Outcome takeOver() {
    Action.ForceFailover failover =
        new Action.ForceFailover(stage.target("r"), Stage.MASTER, "m", "x", "pod m is gone");
    return stage.execute(
        new Action.Takeover(
            failover,
            List.of(
                new Action.Dead(Stage.MASTER, "m", machines),
                new Action.Dead(OTHER, "other", machines))));
  }

  @Test
  void theDeadAreReplaced() {
    stage.pods.remove("m");

    assertThat(takeOver()).isInstanceOf(Outcome.Done.class);
    assertThat(stage.commands).containsExactly("r failover TAKEOVER");
  }

  /** Seen in Kubernetes: a pod without its label still runs its server. */
  @Test
  void aPodThatHasLostItsLabelsIsNotGone() {
    Stage.Pod master = stage.pod("m");
    stage.unlabelled.put("m", stage.pods.remove("m"));
    assertThat(takeOver())
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason()).contains("the master answers"));

    master.silent = true;
    assertThat(takeOver())
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason()).contains("may be alive"));
    assertThat(stage.commands).isEmpty();

    master.silent = false;
    master.refuses = true;
    assertThat(takeOver()).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void aPodThatIsGoneMayHaveLeftItsServerOnAMachineThatIsCutOff() {
    stage.pods.remove("m");
    stage.kubernetesNodes.add(new KubernetesNode("node-2", false, false));

    assertThat(takeOver())
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason()).contains("node-2", "may still run"));
    assertThat(stage.commands).isEmpty();
  }

  @Test
  void whereAMachineHasJustComeBackItsVolumeMayBringTheMasterBack() {
    stage.pods.remove("m");
    stage.marks.put("m", Stage.MASTER);
    stage.kubernetesNodes.add(
        new KubernetesNode("node-2", true, true, Instant.EPOCH.minusSeconds(10)));
    assertThat(takeOver())
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason()).contains("node-2 has just come back"));

    stage.marks.clear();
    assertThat(takeOver()).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void anotherServerInItsPlaceIsNoProofEither() {
    stage.pod("m").id = Stage.id(7);
    stage.kubernetesNodes.add(new KubernetesNode("node-2", false, false));

    assertThat(takeOver()).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void norIsThatTheNextOneHasNotStarted() {
    stage.pod("m").refuses = true;
    stage.pod("m").container = Container.WAITING;
    stage.add("other", OTHER).refuses = true;
    stage.kubernetesNodes.add(new KubernetesNode("node-2", false, false));

    assertThat(takeOver()).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void whereNothingListensAnyMoreItIsDeadWhateverElseIsCutOff() {
    stage.pod("m").refuses = true;
    stage.add("other", OTHER).refuses = true;
    stage.kubernetesNodes.add(new KubernetesNode("node-2", false, false));

    assertThat(takeOver()).isInstanceOf(Outcome.Done.class);
  }

  @Nested
  class WhereItIsRememberedWhereTheyRan {

    WhereItIsRememberedWhereTheyRan() {
      machines = Set.of("node-1");
      stage.add("other", Stage.id(6));
      stage.pod("m").refuses = true;
      stage.pod("m").container = Container.WAITING; // made again, and not started
    }

    private void refused(String reason) {
      assertThat(takeOver())
          .isInstanceOfSatisfying(
              Outcome.Refused.class, refused -> assertThat(refused.reason()).contains(reason));
      assertThat(stage.commands).isEmpty();
    }

    @Test
    void theKubeletMustHaveBeenInTouchSinceThePodWent() {
      refused("Kubernetes node node-1 has not renewed its Lease");

      stage.heartbeats.put("node-1", Instant.EPOCH);
      refused("Kubernetes node node-1 has not renewed its Lease");

      stage.heartbeats.put("node-1", Instant.EPOCH.plusMillis(1));
      assertThat(takeOver()).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void anotherMachineThatIsCutOffIsOfNoMatter() {
      stage.heartbeats.put("node-1", Instant.EPOCH.plusMillis(1));
      stage.kubernetesNodes.add(new KubernetesNode("node-2", false, false));

      assertThat(takeOver()).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void aMachineThatIsGoneOrOffRunsNothing() {
      stage.kubernetesNodes.clear();
      assertThat(takeOver()).isInstanceOf(Outcome.Done.class);

      stage.kubernetesNodes.add(
          new KubernetesNode(
              "node-1",
              false,
              false,
              null,
              Map.of(),
              List.of(new Taint("NoExecute", "node.kubernetes.io/out-of-service", null, "shut"))));
      assertThat(takeOver()).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void aVolumeMayBringTheMasterBackInAMoment() {
      stage.heartbeats.put("node-1", Instant.EPOCH.plusMillis(1));
      stage.marks.put("m", Stage.MASTER);

      refused("volume of pod m may bring the master back");
    }

    @Test
    void aContainerThatEndedProvesItForItsOwnMachineOnly() {
      stage.pod("m").container = Container.TERMINATED;
      stage.pod("other").refuses = true;
      assertThat(takeOver()).isInstanceOf(Outcome.Done.class);
      stage.commands.clear();

      machines = Set.of("node-1", "node-2");
      stage.kubernetesNodes.add(new KubernetesNode("node-2", true, true));
      refused("Kubernetes node node-2 has not renewed its Lease");
    }

    /** Made again on node-1, whose script holds its server back, while the former one runs on. */
    @Test
    void norDoesItsSuccessorThatRefusesConnections() {
      stage.pod("m").container = Container.RUNNING;
      machines = Set.of("node-2");
      stage.kubernetesNodes.add(new KubernetesNode("node-2", true, true));
      stage.heartbeats.put("node-2", Instant.EPOCH);

      refused("Kubernetes node node-2 has not renewed its Lease since pod m went");
    }

    @Test
    void aPodThatIsGoneAndWasNotMadeAgainIsNotDatedBefore() {
      stage.pods.remove("m");
      stage.heartbeats.put("node-1", Instant.EPOCH);

      refused("has not renewed its Lease since pod m went");
    }
  }
}
