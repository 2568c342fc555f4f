package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.execute.Outcome;
import io.slotkeeper.model.Finding;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.cluster.NodeId;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StalledHandshakesTest {
  private static final Action.Meet MEET =
      new Action.Meet(target("x-shard0-0", "a"), target("x-shard1-0", "b"), false);

  private Instant now = Instant.parse("2026-06-01T12:00:00Z");
  private final StalledHandshakes handshakes = new StalledHandshakes(() -> now);

  private static ServerRef target(String pod, String digit) {
    return new ServerRef(pod, "uid of " + pod, "10.0.0.1", new NodeId(digit.repeat(40)));
  }

  private List<Finding> after(long seconds, Outcome... outcomes) {
    now = now.plusSeconds(seconds);
    return handshakes.of("uid", List.of(outcomes));
  }

  @Test
  void introductionsThatNeverEndAreReported() {
    for (int i = 0; i < 10; i++) {
      assertThat(after(2, new Outcome.Done(MEET))).isEmpty();
    }
    assertThat(after(2, new Outcome.Done(MEET)))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.kind()).isEqualTo(Finding.Kind.BUS_BLOCKED);
          assertThat(finding.message()).contains("x-shard0-0", "x-shard1-0", "16379");
        });
    assertThat(after(2)).as("a pass without one is not yet the end").hasSize(1);
    assertThat(after(10)).isEmpty();
  }

  @Test
  void aHandshakeThatSucceedsIsForgotten() {
    assertThat(after(0, new Outcome.Done(MEET))).isEmpty();
    assertThat(after(9)).isEmpty();
    assertThat(after(20, new Outcome.Done(MEET))).as("another time").isEmpty();
  }

  @Test
  void whatWasRefusedProvesNothing() {
    for (int i = 0; i < 20; i++) {
      assertThat(after(2, new Outcome.Refused(MEET, "it has another address by now"))).isEmpty();
    }
  }

  /** A server that knows the other reaches it: the network is fine. */
  @Test
  void newsThatAreNotTakenAreNoBlockedBus() {
    for (int i = 0; i < 20; i++) {
      assertThat(after(2, new Outcome.Done(new Action.Meet(MEET.from(), MEET.to(), true))))
          .isEmpty();
    }
  }

  @Test
  void ofARedisThatIsGoneNothingIsKept() {
    after(0, new Outcome.Done(MEET));
    handshakes.retain(Set.of());
    assertThat(after(20, new Outcome.Done(MEET))).isEmpty();
  }
}
