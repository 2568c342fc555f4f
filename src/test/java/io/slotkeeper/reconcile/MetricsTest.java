package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slotkeeper.execute.Outcome;
import io.slotkeeper.execute.Outcome.Refused.Cause;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.testing.Statuses;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Metrics metrics = new Metrics(registry, "test", Optional.empty());

  private void passed(Outcome outcome) {
    metrics.passed(Statuses.cluster(), null, Statuses.cluster("a", "b"), List.of(outcome));
  }

  private static Action action(int number) {
    return new Action.SetNodeTimeout(
        new ServerRef("x-shard0-" + number, "uid", "10.0.0.1", new NodeId("a".repeat(40))), 5000);
  }

  /** The words of a refusal name pods and servers: as a label they would be without end. */
  @Test
  void refusalsAreCountedByCauseNotByWords() {
    IntStream.range(0, 100)
        .forEach(i -> passed(new Outcome.Refused(action(i), "pod " + i + " has another server")));
    passed(new Outcome.Refused(action(0), Cause.TOO_LATE, "too late"));

    assertThat(registry.find("slotkeeper.refusals").counters())
        .extracting(counter -> counter.getId().getTag("reason"), Counter::count)
        .containsExactlyInAnyOrder(tuple("objection", 100.0), tuple("too_late", 1.0));
    assertThat(registry.find("slotkeeper.actions").counters())
        .as("actions have no more labels than kinds")
        .hasSize(1);
  }
}
