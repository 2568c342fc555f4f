package io.slotkeeper.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.PodRef;
import io.slotkeeper.model.PodState.Container;
import io.slotkeeper.observe.ClaimState;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Action.ReplacePod.Cause;
import io.slotkeeper.plan.Safeguard;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A pod is deleted on what is so at that moment, or not at all. */
class ReplacePodTest {
  private static final Set<String> BOTH = Set.of("m", "r");
  private static final Safeguard ON_CLAIM = new Safeguard.OnClaim();
  private static final Safeguard NEVER_USED = new Safeguard.NeverUsed();

  private final Stage stage = new Stage();

  private static PodRef ref(String pod) {
    return new PodRef(pod, "uid of " + pod, "7", 0);
  }

  private Action replica() {
    return new Action.ReplacePod(
        ref("r"), Cause.OUTDATED, new Safeguard.InSync(stage.target("m"), Stage.REPLICA), BOTH);
  }

  private Action master() {
    return new Action.ReplacePod(
        ref("m"), Cause.OUTDATED, new Safeguard.InSync(stage.target("r"), Stage.MASTER), BOTH);
  }

  private Action stuckReplica() {
    return new Action.ReplacePod(
        ref("r"), Cause.STUCK, new Safeguard.InSync(stage.target("m"), Stage.REPLICA), Set.of());
  }

  private static Action with(Safeguard safeguard, Cause cause) {
    return new Action.ReplacePod(
        ref("m"), cause, safeguard, cause == Cause.STUCK ? Set.of() : BOTH);
  }

  private void done(Action action, String pod) {
    assertThat(stage.execute(action)).isInstanceOf(Outcome.Done.class);
    assertThat(stage.commands).containsExactly("delete " + pod);
  }

  private void refused(Action action, String reason, Consumer<Stage> since) {
    since.accept(stage);
    Outcome outcome = stage.execute(action);
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    assertThat(((Outcome.Refused) outcome).reason()).contains(reason);
    assertThat(stage.commands).isEmpty();
  }

  private static void crashing(Stage.Pod pod) {
    pod.container = Container.WAITING;
    pod.refuses = true;
    pod.ready = false;
  }

  private static ClaimState claim(boolean bound, boolean terminating) {
    return new ClaimState("data", bound, terminating, null);
  }

  @Test
  void aReplicaWhoseMasterServes() {
    done(replica(), "r");
  }

  @Test
  void aReplicaThatIsToMove() {
    Action action =
        new Action.ReplacePod(
            ref("r"),
            Cause.SHARED_NODE,
            new Safeguard.InSync(stage.target("m"), Stage.REPLICA),
            BOTH);
    refused(action, "pod m is not ready", s -> s.pod("m").ready = false);

    stage.pod("m").ready = true;
    done(action, "r");
  }

  @Test
  void aMasterWhoseReplicaIsInSync() {
    done(master(), "m");
  }

  @Test
  void notAnotherPodOfTheName() {
    Action action =
        new Action.ReplacePod(
            new PodRef("r", "another uid", "7", 0),
            Cause.OUTDATED,
            new Safeguard.InSync(stage.target("m"), Stage.REPLICA),
            BOTH);
    refused(action, "not the same one", _ -> {});
  }

  @Test
  void notWhereThePodHasChangedSince() {
    refused(replica(), "has changed since", s -> s.pod("r").resourceVersion = "8");
  }

  @Test
  void notWhereTheApiServerSaysThatItHasChanged() {
    refused(replica(), "has changed since", s -> s.objection = "pod r has changed since");
  }

  @Test
  void notWhileAnotherPodIsTerminating() {
    refused(replica(), "is on its way out", s -> s.add("o", Stage.id(3)).terminating = true);
  }

  @Test
  void notWhileAPodIsMissing() {
    Action action =
        new Action.ReplacePod(
            ref("r"),
            Cause.OUTDATED,
            new Safeguard.InSync(stage.target("m"), Stage.REPLICA),
            Set.of("m", "r", "o"));
    refused(action, "pod o is not ready", _ -> {});
  }

  @Test
  void notWhileAPodIsNotReady() {
    refused(replica(), "pod m is not ready", s -> s.pod("m").ready = false);
  }

  @Test
  void notAMasterWhoseReplicaIsBehind() {
    refused(master(), "not in sync", s -> s.pod("r").linkUp = false);
  }

  @Test
  void notAMasterWhoseReplicaLacksMoreThanAMoment() {
    refused(master(), "not in sync", s -> s.pod("m").offset += 17 << 20);
  }

  @Test
  void notAReplicaThatIsBehind() {
    refused(replica(), "not in sync", s -> s.pod("r").linkUp = false);
  }

  @Test
  void notAMasterWhoseReplicaFollowsAnother() {
    refused(master(), "not a replica of that master", s -> s.pod("r").master = Stage.id(3));
  }

  @Test
  void notAReplicaWhoseMasterIsNone() {
    refused(replica(), "follows another master", s -> s.pod("m").master = Stage.id(3));
  }

  @Test
  void aReplicaBesideAnotherOfTheSameMaster() {
    Stage.Pod other = stage.add("o", Stage.id(3));
    other.master = Stage.MASTER;
    Action action =
        new Action.ReplacePod(
            ref("r"), Cause.OUTDATED, new Safeguard.InSync(stage.target("o"), Stage.REPLICA), BOTH);
    refused(action, "not in sync", s -> s.pod("o").linkUp = false);

    other.linkUp = true;
    done(action, "r");
  }

  @Test
  void notWhileTheMasterMissesAnother() {
    refused(
        replica(),
        "misses other nodes",
        s -> s.pod("m").others.add(Stage.line(Stage.id(3), null, SlotSet.NONE, Flag.PFAIL)));
  }

  @Test
  void notWhileSlotsMove() {
    refused(master(), "on the move", s -> s.pod("m").migrating = Map.of(5, Stage.id(3)));
  }

  @Test
  void notWhereTheClaimOfTheCopyIsBeingDeleted() {
    refused(replica(), "is being deleted", s -> s.claims.put("m", claim(true, true)));
  }

  @Test
  void whereTheCopyDoesNotAnswerNothingIsDone() {
    Action action = replica();
    stage.pod("m").silent = true;

    assertThat(stage.execute(action)).isNotInstanceOf(Outcome.Done.class);
    assertThat(stage.commands).isEmpty();
  }

  @Test
  void aPodWhoseDataStaysOnItsClaim() {
    stage.claims.put("m", claim(true, false));
    done(with(ON_CLAIM, Cause.OUTDATED), "m");
  }

  @Test
  void notWhereTheClaimIsBeingDeleted() {
    refused(
        with(ON_CLAIM, Cause.OUTDATED), "does not stay", s -> s.claims.put("m", claim(true, true)));
  }

  @Test
  void notWhereTheClaimHasNoVolume() {
    refused(
        with(ON_CLAIM, Cause.STUCK),
        "does not stay",
        s -> {
          crashing(s.pod("m"));
          s.claims.put("m", claim(false, false));
        });
  }

  @Test
  void notWhereThereIsNoClaim() {
    refused(with(ON_CLAIM, Cause.OUTDATED), "does not stay", _ -> {});
  }

  @Test
  void notWhereTheServerDoesNotWriteToItsVolume() {
    refused(
        with(ON_CLAIM, Cause.OUTDATED),
        "writes nothing",
        s -> {
          s.claims.put("m", claim(true, false));
          s.pod("m").settings = Map.of("appendonly", "no", "save", "");
        });
  }

  @Test
  void aStuckPodWhoseMasterServes() {
    crashing(stage.pod("r"));
    done(stuckReplica(), "r");
  }

  @Test
  void notAStuckPodThatRunsByNow() {
    refused(
        stuckReplica(),
        "not stuck any more",
        s -> {
          crashing(s.pod("r"));
          s.pod("r").container = Container.RUNNING;
        });
  }

  @Test
  void notAStuckPodThatAnswers() {
    refused(
        stuckReplica(),
        "answers",
        s -> {
          crashing(s.pod("r"));
          s.pod("r").refuses = false;
        });
  }

  @Test
  void notAStuckPodOfWhichNothingIsHeard() {
    refused(
        stuckReplica(),
        "may run",
        s -> {
          crashing(s.pod("r"));
          s.pod("r").refuses = false;
          s.pod("r").silent = true;
        });
  }

  @Test
  void notAStuckPodWhoseSlotsNoReplicaHasTakenOver() {
    refused(
        new Action.ReplacePod(
            ref("m"), Cause.STUCK, new Safeguard.InSync(stage.target("r"), Stage.MASTER), Set.of()),
        "does not serve any slots",
        s -> crashing(s.pod("m")));
  }

  @Test
  void notAStuckPodThatStillOwnsSlots() {
    refused(
        stuckReplica(),
        "taken over its slots",
        s -> {
          crashing(s.pod("r"));
          s.pod("m").others.clear();
          s.pod("m").others.add(Stage.line(Stage.REPLICA, null, SlotSet.range(0, 5)));
        });
  }

  @Test
  void notTwoStuckPodsOfAShard() {
    stage.claims.put("m", claim(true, false));
    refused(
        with(ON_CLAIM, Cause.STUCK),
        "r is on its way out",
        s -> {
          crashing(s.pod("m"));
          s.pod("r").terminating = true;
        });
  }

  @Test
  void aPodThatNeverHadAnything() {
    stage.pod("m").started = false;
    crashing(stage.pod("m"));
    done(with(NEVER_USED, Cause.STUCK), "m");
  }

  @Test
  void notWhereItHasStartedByNow() {
    refused(
        with(NEVER_USED, Cause.STUCK),
        "has changed since",
        s -> {
          crashing(s.pod("m"));
          s.pod("m").resourceVersion = "8";
        });
  }

  @Test
  void notWhereItsVolumeWouldGoWithIt() {
    refused(
        with(NEVER_USED, Cause.STUCK),
        "is being deleted",
        s -> {
          crashing(s.pod("m"));
          s.pod("m").started = false;
          s.claims.put("m", claim(true, true));
        });
  }
}
