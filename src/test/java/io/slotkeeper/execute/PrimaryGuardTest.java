package io.slotkeeper.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.KubernetesNode;
import io.slotkeeper.model.PodRef;
import io.slotkeeper.model.PodRole;
import io.slotkeeper.observe.ClaimState;
import io.slotkeeper.observe.RememberedShard;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Safeguard;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is checked right before another server becomes primary. */
class PrimaryGuardTest {
  private static final Action.Dead FORMER = new Action.Dead(Stage.MASTER, "m", Set.of("node-1"));

  private final Stage stage = Stage.standalone();

  @Test
  void aReplicaOfADeadPrimaryIsPromoted() {
    stage.pod("m").refuses = true;
    assertThat(promote(FORMER, "x")).isInstanceOf(Outcome.Done.class);
    assertThat(stage.commands).containsExactly("r lead");
  }

  @Test
  void notWhileThePrimaryAnswers() {
    assertRefused(promote(FORMER, "x"), "the master answers");
  }

  @Test
  void notWhileThePrimaryIsSilent() {
    stage.pod("m").silent = true;
    assertRefused(promote(FORMER, "x"), "may be alive");
  }

  @Test
  void notWhereItsMachineIsCutOff() {
    stage.pods.remove("m");
    stage.kubernetesNodes.clear();
    stage.kubernetesNodes.add(new KubernetesNode("node-1", false, false));
    assertRefused(promote(FORMER, "x"), "node-1");
  }

  /**
   * Its kubelet is alive, and has not come to end the server of a pod that was deleted by force.
   */
  @Test
  void notWhileAReplicaIsLinkedToAPrimaryWhosePodIsGone() {
    stage.pods.remove("m");
    stage.heartbeats.put("node-1", Instant.EPOCH.plusSeconds(1));
    assertRefused(promote(FORMER, "x"), "pod r is still linked to the former primary at ip of m");

    stage.pod("r").linkUp = false;
    assertThat(promote(FORMER, "x")).isInstanceOf(Outcome.Done.class);
  }

  /** Its link is up because nothing tells the replica that the machine is off. */
  @Test
  void aLinkToAMachineThatIsOffIsNoObjection() {
    stage.pods.remove("m");
    stage.kubernetesNodes.clear();
    assertThat(promote(FORMER, "x")).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void notOnceItHasCopiedAnotherServer() {
    stage.pod("m").refuses = true;
    assertRefused(promote(FORMER, "y"), "copied another server");
  }

  @Test
  void notBesideAnotherMaster() {
    assertRefused(promote(null, "x"), "pod m is a master");
  }

  @Test
  void nothingIsRecordedWhileThePrimaryLives() {
    Action.RecordPrimary record =
        new Action.RecordPrimary(
            stage.target("r"), 0, FORMER, Map.of(), Map.of(), RememberedShard.NONE);
    assertRefused(stage.execute(record), "the master answers");

    stage.pod("m").refuses = true;
    assertThat(stage.execute(record)).isInstanceOf(Outcome.Done.class);
    assertThat(stage.commands).containsExactly("record shard 0");
  }

  @Test
  void nothingIsRecordedBesideAnotherMaster() {
    Action.RecordPrimary record =
        new Action.RecordPrimary(
            stage.target("r"), 0, null, Map.of(), Map.of(), RememberedShard.NONE);
    assertRefused(stage.execute(record), "pod m is a master");
  }

  @Test
  void aServerFollowsAPrimaryOnly() {
    Action.Follow follow = new Action.Follow(stage.target("m"), stage.target("r"));
    assertRefused(stage.execute(follow), "no primary any more");

    assertThat(stage.execute(new Action.Follow(stage.target("r"), stage.target("m"))))
        .isInstanceOf(Outcome.Done.class);
    assertThat(stage.commands).containsExactly("r follow ip of m");
  }

  @Test
  void clientsOfAFormerPrimaryConnectAgain() {
    stage.pod("r").master = null;
    assertThat(stage.execute(new Action.Follow(stage.target("r"), stage.target("m"))))
        .isInstanceOf(Outcome.Done.class);
    assertThat(stage.commands).containsExactly("r follow ip of m", "r closeClients");
  }

  @Test
  void clientsOfAFormerPrimaryAreSentAwayUntilTheServiceLeadsElsewhere() {
    Action dismissal = new Action.DismissClients(stage.target("r"));
    assertThat(stage.execute(dismissal)).isInstanceOf(Outcome.Unfinished.class);
    stage.pass(Duration.ofMillis(300));
    assertThat(stage.execute(dismissal)).isInstanceOf(Outcome.Unfinished.class);
    assertThat(stage.execute(dismissal)).isInstanceOf(Outcome.Unfinished.class);
    assertThat(stage.commands).containsExactly("r closeClients", "r closeClients");
    stage.pass(Duration.ofSeconds(2));
    assertThat(stage.execute(dismissal)).isInstanceOf(Outcome.Done.class);
    assertThat(stage.commands)
        .containsExactly("r closeClients", "r closeClients", "r closeClients", "label r REPLICA");
  }

  /** The last time it was primary, it became one again before all of its clients were gone. */
  @Test
  void theClientsOfEachTimeAsPrimaryAreSentAway() {
    Action dismissal = new Action.DismissClients(stage.target("r"));
    assertThat(stage.execute(dismissal)).isInstanceOf(Outcome.Unfinished.class);
    stage.pass(Duration.ofSeconds(60));
    stage.execute(new Action.LabelPod("r", "uid of r", PodRole.NONE));

    assertThat(stage.execute(dismissal)).isInstanceOf(Outcome.Unfinished.class);
  }

  @Test
  void clientsOfAPrimaryStay() {
    assertRefused(stage.execute(new Action.DismissClients(stage.target("m"))), "is a primary");
  }

  @Test
  void aPrimaryHandsOverToAReplicaInSync() {
    Action.HandOver handOver = new Action.HandOver(stage.target("m"), stage.target("r"));
    assertThat(stage.execute(handOver)).isInstanceOf(Outcome.Done.class);
    assertThat(stage.commands).containsExactly("m handOver ip of r");
  }

  @Test
  void onlyAHandOverThatIsUnderWayIsAborted() {
    assertRefused(stage.execute(new Action.AbortHandOver(stage.target("m"))), "not handing over");
  }

  @Test
  void notToOneThatLags() {
    stage.pod("r").linkUp = false;
    assertRefused(
        stage.execute(new Action.HandOver(stage.target("m"), stage.target("r"))), "not in sync");
  }

  /** Its link was cut silently: for the replica it is up until it times out. */
  @Test
  void notToOneThatThePrimaryDoesNotHearOf() {
    stage.pod("r").lag = 3;
    assertRefused(
        stage.execute(new Action.HandOver(stage.target("m"), stage.target("r"))), "does not hear");
    assertRefused(stage.execute(replacement()), "does not hear");
  }

  @Test
  void notWhileAPodLeaves() {
    stage.pod("r").terminating = true;
    assertRefused(
        stage.execute(new Action.HandOver(stage.target("m"), stage.target("r"))), "on its way out");
  }

  @Test
  void thePodOfAPrimaryGoesWhereAReplicaHasItsData() {
    assertThat(stage.execute(replacement())).isInstanceOf(Outcome.Done.class);

    stage.pod("r").replicationId = "another";
    assertRefused(stage.execute(replacement()), "not a replica of that master");
  }

  private Action.ReplacePod replacement() {
    stage.claims.put("m", new ClaimState("data-m", true, false, null));
    return new Action.ReplacePod(
        new PodRef("m", "uid of m", "7", 0),
        Action.ReplacePod.Cause.OUTDATED,
        new Safeguard.InSync(stage.target("r"), Stage.MASTER),
        Set.of("m", "r"));
  }

  private Outcome promote(Action.@Nullable Dead former, String replicationId) {
    return stage.execute(
        new Action.Promote(stage.target("r"), former, replicationId, "it is dead"));
  }

  private void assertRefused(Outcome outcome, String reason) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Refused.class, refused -> assertThat(refused.reason()).contains(reason));
    assertThat(stage.commands).noneMatch(command -> command.contains("lead"));
  }
}
