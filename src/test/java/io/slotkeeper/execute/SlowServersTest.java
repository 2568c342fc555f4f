package io.slotkeeper.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each answer takes 0.3 to 1 s: what is right gets done, if later; what is not, never. */
class SlowServersTest {
  private static final int SERVERS = 60;
  private static final int MOST_PASSES = 60;

  private final Stage stage = new Stage();
  private final List<ServerRef> targets =
      IntStream.range(0, SERVERS)
          .mapToObj(i -> {
            Stage.Pod pod = stage.add("n" + i, Stage.id(100 + i));
            pod.keys = 0;
            pod.takes = Duration.ofMillis(300 + (i * 37) % 700);
            return stage.target("n" + i);
          })
          .toList();

  private List<Action> forEach(Function<ServerRef, Action> action) {
    return targets.stream().map(action).toList();
  }

  private static Action replicate(ServerRef node) {
    return new Action.Replicate(node, Stage.MASTER, "m");
  }

  private static Action timeout(ServerRef node) {
    return new Action.SetNodeTimeout(node, 5000);
  }

  private void slow(String pod, long millis) {
    stage.pod(pod).takes = Duration.ofMillis(millis);
  }

  /** Pass after pass, as long as something is left. */
  private int passes(List<Action> step) {
    List<Action> left = new ArrayList<>(step);
    int passes = 0;
    while (!left.isEmpty()) {
      assertThat(++passes).isLessThan(MOST_PASSES);
      List<Outcome> outcomes = stage.execute(List.of(left));
      List<Action> done = Outcome.done(outcomes);
      assertThat(done).as("each pass does something").isNotEmpty();
      assertThat(outcomes).noneMatch(Outcome.Refused.class::isInstance);
      left.removeAll(done);
    }
    assertThat(stage.commands.stream().filter(c -> !c.startsWith("record"))).hasSize(step.size());
    return passes;
  }

  @Test
  void aStepOverManyGoesOnFromPassToPassAndNothingIsDoneTwice() {
    stage.kubernetesTakes = Duration.ofMillis(500);

    assertThat(passes(forEach(SlowServersTest::replicate))).isGreaterThan(1);
  }

  @Test
  void firstSlotsAreGivenOnce() {
    List<Action> step =
        IntStream.range(0, SERVERS)
            .<Action>mapToObj(i -> new Action.AssignSlots(targets.get(i), i + 1, SlotSet.of(i)))
            .toList();
    List<Action> left = new ArrayList<>(step);
    for (int i = 0; i < MOST_PASSES && !left.isEmpty(); i++) {
      left.removeAll(Outcome.done(stage.execute(List.of(left))));
    }
    assertThat(left).isEmpty();
    assertThat(stage.commands.stream().filter(c -> c.contains("addSlots"))).hasSize(SERVERS);
  }

  @Test
  void introductionsGoOn() {
    List<Action> meetings = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      for (int j = 0; j < i; j++) {
        meetings.add(new Action.Meet(targets.get(i), targets.get(j), false));
      }
    }
    passes(meetings);
  }

  @Test
  void aServerThatDoesNotAnswerKeepsOnlyItself() {
    stage.pod("n3").silent = true;
    slow("n3", 2000);

    List<Outcome> outcomes =
        stage.execute(List.of(targets.stream().limit(10).map(SlowServersTest::timeout).toList()));

    assertThat(Outcome.done(outcomes)).hasSize(9);
    assertThat(stage.commands).noneMatch(command -> command.startsWith("n3 "));
  }

  @Test
  void thoseThatAreProvenAreRecordedWithoutThoseThatAreNot() {
    Stage.Pod silent = stage.pod("n3");
    silent.silent = true;
    List<ServerRef> ten = targets.subList(0, 10);
    Map<String, NodeId> members = new TreeMap<>();
    ten.forEach(server -> members.put(server.pod(), server.id()));
    Action.RecordMembers all = new Action.RecordMembers(members, Map.of(), ten, Set.of());

    List<Outcome> outcomes = stage.execute(List.of(List.of(all), List.of(timeout(ten.getFirst()))));

    Set<String> proven = new HashSet<>(members.keySet());
    proven.remove("n3");
    assertThat(Outcome.done(outcomes))
        .singleElement()
        .isInstanceOfSatisfying(
            Action.RecordMembers.class,
            part -> assertThat(part.members()).containsOnlyKeys(proven));
    assertThat(outcomes).as("n3 must be recorded before anything is done").hasSize(2);
    assertThat(stage.commands).singleElement().asString().startsWith("record").doesNotContain("n3");

    stage.commands.clear();
    Action.RecordMembers changed = new Action.RecordMembers(members, Map.of(), ten, Set.of("n3"));
    assertThat(Outcome.done(stage.execute(List.of(List.of(changed)))))
        .as("the id that n3 had before would be forgotten")
        .isEmpty();
    assertThat(stage.commands).isEmpty();
  }

  @Test
  void noCommandReachesAServerThatHasStartedSinceItWasAsked() {
    slow("n0", 700);
    stage.at(1000, () -> stage.pod("n0").run++); // after its id, before it is looked at

    assertThat(stage.execute(replicate(targets.getFirst()))).isInstanceOf(Outcome.Failed.class);
    assertThat(stage.commands).isEmpty();
  }

  @Test
  void anAddressThatMayBeAnothersByNowIsAskedBeforeItIsGivenToOthers() {
    for (String pod : List.of("n0", "n1", "n2")) {
      slow(pod, 700);
    }
    stage.at(1000, () -> stage.pod("n2").run++);

    List<Outcome> outcomes =
        stage.execute(
            List.of(
                List.of(
                    new Action.Meet(targets.get(0), targets.get(1), false),
                    new Action.Meet(targets.get(0), targets.get(2), false))));

    assertThat(outcomes.getFirst()).isInstanceOf(Outcome.Done.class);
    assertThat(outcomes.getLast()).isInstanceOf(Outcome.Failed.class);
    assertThat(stage.commands).hasSize(1);
  }

  private Outcome force() {
    return stage.execute(
        new Action.ForceFailover(stage.target("r"), Stage.MASTER, "m", "x", "its container ended"));
  }

  @Test
  void aDeathIsActedOnHoweverSlowTheOthersAre() {
    stage.pod("m").refuses = true;
    slow("r", 700);
    stage.kubernetesTakes = Duration.ofMillis(700);

    assertThat(force()).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void aMasterThatHasComeBackMeanwhileIsNotReplaced() {
    stage.pod("m").refuses = true;
    slow("r", 700);
    stage.kubernetesTakes = Duration.ofMillis(700);
    stage.at(2000, () -> stage.pod("m").refuses = false);

    assertThat(force()).isInstanceOf(Outcome.Refused.class);
    assertThat(stage.commands).isEmpty();
  }

  @Test
  void aDeathThatWasProvenTooLongAgoProvesNothing() {
    stage.pod("m").refuses = true;
    slow("r", 1500);
    stage.kubernetesTakes = Duration.ofMillis(700);

    assertThat(force().isTooLate()).isTrue();
    assertThat(stage.commands).isEmpty();
  }

  @Test
  void whatHasToBeOfThisMomentWaitsUntilServersAreFasterAgain() {
    Action planned = new Action.PlannedFailover(stage.target("r"), Stage.MASTER, "m");
    slow("r", 600);
    assertThat(stage.execute(planned).isTooLate()).isTrue();
    assertThat(stage.commands).isEmpty();

    slow("r", 0);
    assertThat(stage.execute(planned)).isInstanceOf(Outcome.Done.class);
  }

  /** Its replica is asked first, so that all others take the time in which it may be elected. */
  private Action raise() {
    List<ServerRef> others = new ArrayList<>(List.of(stage.target("r")));
    others.addAll(targets);
    return new Action.BumpEpoch(stage.target("m"), others);
  }

  @Test
  void anEpochIsRaisedHoweverSlowThoseAreThatCannotClaimTheSlots() {
    assertThat(stage.execute(raise())).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void noEpochIsRaisedOnceAReplicaWasElectedWhileTheOthersWereAsked() {
    stage.at(
        1500,
        () -> {
          stage.pod("r").master = null;
          stage.pod("r").slots = SlotSet.ALL;
        });

    assertThat(stage.execute(raise())).isInstanceOf(Outcome.Refused.class);
    assertThat(stage.commands).isEmpty();
  }

  @Test
  void aShardGoesThoughTheOthersAreSlowToAgree() {
    ServerRef leaving = targets.getFirst();
    List<ServerRef> others = targets.subList(1, SERVERS);
    IntStream.range(1, SERVERS).forEach(i -> slow("n" + i, 900));
    Action remove = new Action.RemoveShard(7, List.of(leaving), others);

    assertThat(stage.execute(remove)).isInstanceOf(Outcome.Done.class);
    assertThat(stage.commands).containsExactly("n0 reset", "remove shard 7");
  }

  @Test
  void aShardThatAnyServerGivesSlotsToStays() {
    ServerRef leaving = targets.getFirst();
    stage.pod("n9").others.add(Stage.line(leaving.id(), null, SlotSet.of(7)));

    Action remove = new Action.RemoveShard(7, List.of(leaving), targets.subList(1, SERVERS));

    assertThat(stage.execute(remove)).isInstanceOf(Outcome.Refused.class);
    assertThat(stage.commands).isEmpty();
  }
}
