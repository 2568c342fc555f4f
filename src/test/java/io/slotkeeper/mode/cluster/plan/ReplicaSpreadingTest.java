package io.slotkeeper.mode.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Taint;
import io.slotkeeper.model.AttemptHistory;
import io.slotkeeper.model.KubernetesNode;
import io.slotkeeper.model.SchedulingConstraints;
import io.slotkeeper.model.StatefulSetState;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Safeguard;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A replica on its master's node is placed again, where that can help, and not again and again. */
class ReplicaSpreadingTest {
  private static final String ZONE = "topology.kubernetes.io/zone";

  private final Rollouts rollouts = Rollouts.of(1, 1);

  private ReplicaSpreadingTest host(String name, Map<String, String> labels, Taint... taints) {
    rollouts.views.host(new KubernetesNode(name, true, true, null, labels, List.of(taints)));
    return this;
  }

  private ReplicaSpreadingTest together() {
    rollouts.pod(0, 1).node = "node-0";
    rollouts.views.ranOn(0, 1, "node-0");
    return host("node-0", Map.of(ZONE, "a"));
  }

  private void tried(AttemptHistory moves) {
    StatefulSetState set = rollouts.set(0, Rollouts.NEW);
    rollouts.sets.put(
        0,
        new StatefulSetState(
            set.name(), set.revision(), set.pods(), set.createdAt(), AttemptHistory.NONE, moves));
  }

  @Test
  void theTryIsWrittenDownBeforeTheReplicaGoes() {
    together().host("node-1", Map.of(ZONE, "a"));

    List<Action> actions = rollouts.plan().actions();
    assertThat(actions).hasSize(2);
    assertThat(actions.getFirst())
        .isEqualTo(
            new Action.RecordPlacement(
                0, AttemptHistory.parse("x-shard0-1@node-0 1 " + Views.NOW.getEpochSecond())));
    assertThat(actions.getLast())
        .isInstanceOfSatisfying(
            Action.ReplacePod.class,
            replace -> {
              assertThat(replace.pod().name()).isEqualTo("x-shard0-1");
              assertThat(replace.cause()).isEqualTo(Action.ReplacePod.Cause.SHARED_NODE);
              assertThat(replace.safeguard()).isInstanceOf(Safeguard.InSync.class);
            });
    assertThat(rollouts.plan().steps()).hasSize(2);
  }

  @Test
  void whereTheCopiesAreApartNothingIsDone() {
    host("node-0", Map.of()).host("node-1", Map.of()).host("node-2", Map.of());

    assertThat(rollouts.replaced()).isEmpty();
  }

  @Test
  void notWhereTheOnlyOtherNodeTakesNoPods() {
    together();
    rollouts.views.host(new KubernetesNode("node-1", true, false));

    assertThat(rollouts.replaced()).isEmpty();
  }

  @Test
  void notWhereItsNodeSelectorKeepsIt() {
    together().host("node-1", Map.of(ZONE, "a"));
    rollouts.pod(0, 1).scheduling =
        new SchedulingConstraints(Map.of("disk", "ssd"), List.of(), List.of());

    assertThat(rollouts.replaced()).isEmpty();
  }

  @Test
  void notWhereATaintKeepsItOut() {
    together().host("node-1", Map.of(ZONE, "a"), new Taint("NoSchedule", "gpu", null, "true"));

    assertThat(rollouts.replaced()).isEmpty();
  }

  @Test
  void notOutOfTheZoneOfItsVolume() {
    together().host("node-1", Map.of(ZONE, "b"));
    assertThat(rollouts.replaced()).isEmpty();

    rollouts.ephemeral();
    assertThat(rollouts.replaced()).containsExactly("x-shard0-1");
  }

  @Test
  void notWhileSomethingIsNotAsWanted() {
    together().host("node-1", Map.of(ZONE, "a"));
    rollouts.views.pod(0, 1).linkUp = false;

    assertThat(rollouts.replaced()).isEmpty();
  }

  @Test
  void notWhilePodsAreReplacedForAnotherCause() {
    together().host("node-1", Map.of(ZONE, "a"));
    rollouts.pod(0, 0).outdated();

    assertThat(rollouts.replacements())
        .extracting(Action.ReplacePod::cause)
        .containsExactly(Action.ReplacePod.Cause.OUTDATED);
  }

  @Test
  void notAPodThatHasJustCome() {
    together().host("node-1", Map.of(ZONE, "a"));
    rollouts.pod(0, 1).createdAt = Views.NOW.minusSeconds(5);

    assertThat(rollouts.replaced()).isEmpty();
  }

  @Test
  void whatComesBackRestsTwiceAsLongEachTime() {
    together().host("node-1", Map.of(ZONE, "a"));
    tried(attempt(1, 9));
    assertThat(rollouts.replaced()).isEmpty();

    tried(attempt(1, 10));
    assertThat(rollouts.replaced()).hasSize(1);

    tried(attempt(3, 39));
    assertThat(rollouts.replaced()).isEmpty();

    tried(attempt(3, 40));
    assertThat(rollouts.replaced()).hasSize(1);

    tried(attempt(900, 24 * 60));
    assertThat(rollouts.replaced()).as("once a day at least").hasSize(1);
  }

  private static AttemptHistory attempt(int count, int minutesAgo) {
    Instant at = Views.NOW.minusSeconds(60L * minutesAgo);
    return AttemptHistory.parse("x-shard0-1@node-0 %d %d".formatted(count, at.getEpochSecond()));
  }

  @Test
  void anotherNodeIsAnotherTry() {
    together().host("node-1", Map.of(ZONE, "a"));
    tried(AttemptHistory.parse("x-shard0-1@node-1 5 " + Views.NOW.getEpochSecond()));

    assertThat(rollouts.replaced()).hasSize(1);
  }
}
