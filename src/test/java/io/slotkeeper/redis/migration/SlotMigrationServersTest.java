package io.slotkeeper.redis.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.redis.SlotSet;
import io.slotkeeper.redis.VirtualThreads;
import io.slotkeeper.redis.migration.Progress.State;
import io.slotkeeper.testing.RedisServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("servers")
@Timeout(60)
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"redis-7.0", "redis-8.0", "redis-8.6", "valkey-8.1", "valkey-9.1"})
class SlotMigrationServersTest {
  private static final Duration BUDGET = Duration.ofSeconds(1);

  private final Shards shards;
  private final SlotMigration migration;

  SlotMigrationServersTest(String name) {
    shards =
        new Shards(
            name,
            true,
            List.of(SlotSet.range(0, 8000), SlotSet.range(8001, 16382), SlotSet.of(16383)));
    migration = new SlotMigration(shards.nodes, new VirtualThreads(), InstantSource.system());
  }

  @AfterEach
  void close() {
    shards.close();
  }

  @Test
  void movesSlotsWithTheirKeys() {
    RedisServer source = shards.masters.getFirst();
    RedisServer destination = shards.masters.getLast();
    for (int i = 0; i < 50; i++) {
      source.cli("SET", "{06S}" + i, "value-" + i); // slot 0
    }
    source.cli("PEXPIRE", "{06S}7", "100000");
    Move move = shards.move(source, destination, SlotSet.range(0, 999));

    Progress progress = migration.step(Method.CLASSIC, move, Limits.DEFAULT, BUDGET);
    while (progress.state() == State.RUNNING) {
      progress = migration.step(Method.CLASSIC, move, Limits.DEFAULT, BUDGET);
    }

    assertThat(progress.message()).isEmpty();
    assertThat(progress.state()).isEqualTo(State.FINISHED);
    assertThat(shards.keys(destination)).isEqualTo(50);
    assertThat(destination.cli("GET", "{06S}49")).isEqualTo("value-49");
    assertThat(Long.parseLong(destination.cli("PTTL", "{06S}7"))).isBetween(1L, 100_000L);
  }
}
