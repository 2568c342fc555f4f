package io.slotkeeper.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A large cluster of real servers, as the operator forms and mends it. */
@Tag("servers")
@Timeout(300)
class ManyServersTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int MASTERS = 30;

  private static void settles(Fleet fleet) {
    AtomicReference<Fleet.Pass> last = new AtomicReference<>(fleet.pass());
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> {
          last.set(fleet.pass());
          return last.get().isDone(1);
        });
    assertThat(last.get().plan().health().shards()).hasSize(MASTERS);
  }

  @Test
  void areFormedAndFindTogetherAgainAfterAllHaveMoved() {
    try (Fleet fleet = new Fleet("redis-7.0", MASTERS, 1)) {
      settles(fleet);
      fleet.replaceAll();
      settles(fleet);
    }
  }
}
