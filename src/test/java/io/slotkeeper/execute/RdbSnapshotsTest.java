package io.slotkeeper.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.PodRef;
import io.slotkeeper.observe.ClaimState;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Action.ReplacePod.Cause;
import io.slotkeeper.plan.Safeguard;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a server without an AOF writes before its pod is deleted. */
class RdbSnapshotsTest {
  private final Stage stage = new Stage();

  private Action withoutAof() {
    stage.claims.put("m", new ClaimState("data", true, false, null));
    stage.pod("m").settings = Map.of("appendonly", "no", "save", "3600 1");
    PodRef pod = new PodRef("m", "uid of m", "7", 0);
    return new Action.ReplacePod(pod, Cause.OUTDATED, new Safeguard.OnClaim(), Set.of("m", "r"));
  }

  private void waits(Action action, String reason) {
    assertThat(stage.execute(action))
        .isInstanceOfSatisfying(
            Outcome.Refused.class, refused -> assertThat(refused.reason()).contains(reason));
  }

  /** What it writes when it stops may take longer than it is given. */
  @Test
  void aServerWithoutAofWritesASnapshotFirst() {
    Action action = withoutAof();
    waits(action, "pod m: its server is writing a snapshot");
    stage.pod("m").saving = true;
    waits(action, "pod m: its server is writing a snapshot");
    assertThat(stage.commands).containsExactly("m snapshot");

    stage.pod("m").saving = false;
    stage.pod("m").lastSave = 160;
    assertThat(stage.execute(action)).isInstanceOf(Outcome.Done.class);
    assertThat(stage.commands).containsExactly("m snapshot", "delete m");
  }

  /** It may have begun before the last write, long ago. */
  @Test
  void aSnapshotThatWasUnderWayIsNotEnough() {
    Action action = withoutAof();
    stage.pod("m").saving = true;
    waits(action, "is writing a snapshot");
    stage.pod("m").saving = false;
    stage.pod("m").lastSave = 160;

    waits(action, "is writing a snapshot");
    assertThat(stage.commands).containsExactly("m snapshot");
  }

  @Test
  void notWhereNoSnapshotCanBeWritten() {
    Action action = withoutAof();
    waits(action, "is writing a snapshot");
    stage.pod("m").saveFailed = true;

    waits(action, "cannot write a snapshot");
    assertThat(stage.commands).containsExactly("m snapshot");
  }

  @Test
  void aSnapshotOfLongAgoIsWrittenAgain() {
    Action action = withoutAof();
    waits(action, "is writing a snapshot");
    stage.pod("m").lastSave = 160;
    stage.pass(Duration.ofMinutes(11));

    waits(action, "is writing a snapshot");
    assertThat(stage.commands).containsExactly("m snapshot", "m snapshot");
  }
}
