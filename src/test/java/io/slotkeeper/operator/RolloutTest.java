package io.slotkeeper.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.slotkeeper.plan.Health;
import io.slotkeeper.plan.Pace;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.redis.SlotSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RolloutTest {
  private static final Health HEALTH =
      new Health(
          SlotSet.ALL,
          true,
          true,
          List.of(
              new Health.Shard(
                  0, SlotSet.ALL, "x-shard0-0", List.of("x-shard0-1"), List.of(), 0, List.of())));

  private static Plan plan(Pace pace) {
    return new Plan(List.of(), List.of(), HEALTH, pace);
  }

  private static List<Pod> pods(String... names) {
    return Stream.of(names)
        .map(name -> new PodBuilder().withNewMetadata().withName(name).endMetadata().build())
        .toList();
  }

  @Test
  void replicasGoBeforeTheirMaster() {
    List<Pod> both = pods("x-shard0-0", "x-shard0-1");
    assertThat(Rollout.next(plan(Pace.RESTING), both)).hasValue(both.get(1));
    List<Pod> master = pods("x-shard0-0");
    assertThat(Rollout.next(plan(Pace.RESTING), master)).hasValue(master.get(0));
  }

  @Test
  void nobodyGoesWhileSomethingIsNotAsWanted() {
    assertThat(Rollout.next(plan(Pace.EAGER), pods("x-shard0-1"))).isEmpty();
  }
}
