package io.slotkeeper.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.ServerRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Steps over many servers, fast ones and slow ones. */
class StepBatchesTest {
  private static final int SERVERS = 60;

  private final Stage stage = new Stage();
  private final List<ServerRef> targets =
      IntStream.range(0, SERVERS)
          .mapToObj(i -> {
            stage.add("n" + i, Stage.id(100 + i));
            return stage.target("n" + i);
          })
          .toList();

  private List<Action> timeouts() {
    return targets.stream().<Action>map(node -> new Action.SetNodeTimeout(node, 5000)).toList();
  }

  private List<Action> meetings() {
    List<Action> all = new ArrayList<>();
    for (int i = 0; i < SERVERS; i++) {
      for (int j = 0; j < i; j++) {
        all.add(new Action.Meet(targets.get(i), targets.get(j), false));
      }
    }
    return all;
  }

  private static long done(List<Outcome> outcomes) {
    return outcomes.stream().filter(Outcome.Done.class::isInstance).count();
  }

  @Test
  void allIsDoneOnce() {
    List<Outcome> outcomes = stage.execute(List.of(meetings()));

    assertThat(outcomes)
        .hasSize(SERVERS * (SERVERS - 1) / 2)
        .hasOnlyElementsOfType(Outcome.Done.class);
    assertThat(outcomes.stream().map(Outcome::action))
        .containsExactlyInAnyOrderElementsOf(meetings());
    assertThat(stage.commands).hasSize(outcomes.size());
  }

  /** The look at sixty servers took longer than it is good for, so nothing was ever done. */
  @Test
  void slowServersAreActedOnInSmallerPortions() {
    stage.tick = Duration.ofMillis(18);

    List<Outcome> outcomes = stage.execute(List.of(timeouts()));

    assertThat(outcomes).hasSize(SERVERS);
    assertThat(done(outcomes)).isGreaterThan(30);
    assertThat(outcomes).noneMatch(Outcome.Refused.class::isInstance);
  }

  @Test
  void whatTakesTooLongIsLeftForTheNextLookAndWhatIsDoneIsDone() {
    stage.tick = Duration.ofMillis(100);
    List<Action> replicas =
        targets.stream()
            .<Action>map(node -> new Action.Replicate(node, Stage.MASTER, "m"))
            .toList();
    targets.forEach(node -> stage.pod(node.pod()).keys = 0);

    List<Outcome> outcomes = stage.execute(List.of(replicas, timeouts()));

    assertThat(outcomes).as("the next step counts on this one").hasSize(SERVERS);
    assertThat(done(outcomes)).isPositive().isEqualTo(stage.commands.size());
    assertThat(outcomes.getLast()).isInstanceOf(Outcome.Unfinished.class);
  }

  @Test
  void introductionsThatAreLeftHoldNothingUp() {
    stage.tick = Duration.ofMillis(40);
    Action last = new Action.Replicate(stage.target("r"), Stage.MASTER, "m");

    List<Outcome> outcomes = stage.execute(List.of(meetings(), List.of(last)));

    assertThat(outcomes).anyMatch(Outcome.Unfinished.class::isInstance);
    assertThat(outcomes.getLast()).isEqualTo(new Outcome.Done(last));
  }

  /** Found with sixty servers: not all of them answered in time, so none was introduced. */
  @Test
  void anEpochThatCannotBeRaisedInTimeHoldsNothingUp() {
    stage.tick = Duration.ofMillis(80);
    Action raise = new Action.BumpEpoch(stage.target("m"), targets);
    Action meet = new Action.Meet(targets.get(0), targets.get(1), false);

    List<Outcome> outcomes = stage.execute(List.of(List.of(raise), List.of(meet)));

    assertThat(outcomes.getFirst()).isInstanceOf(Outcome.Refused.class);
    assertThat(outcomes.getLast()).isEqualTo(new Outcome.Done(meet));
  }

  @Test
  void eachPortionConcernsFewServersAndTheOrderOfOneServerIsKept() {
    List<Action> step = new ArrayList<>();
    for (int i = 0; i < SERVERS; i++) {
      step.add(new Action.Meet(targets.get(0), targets.get(i == 0 ? 1 : i), i % 2 == 0));
    }
    List<List<Action>> portions = new ArrayList<>();

    new StepBatches(java.time.Instant::now)
        .run(
            step,
            batch -> {
              portions.add(batch);
              return batch.stream().<Outcome>map(Outcome.Done::new).toList();
            });

    assertThat(portions.stream().flatMap(List::stream).toList()).isEqualTo(step);
    assertThat(portions)
        .allSatisfy(batch -> {
          Set<ServerRef> servers = new HashSet<>();
          batch.forEach(action -> servers.addAll(ActionServers.of(action).toList()));
          assertThat(servers).hasSizeLessThanOrEqualTo(StepBatches.SERVERS);
        });
  }
}
