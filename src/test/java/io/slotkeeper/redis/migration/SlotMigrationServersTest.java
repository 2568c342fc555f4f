package io.slotkeeper.redis.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.api.sync.RedisAdvancedClusterCommands;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.VirtualThreads;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.redis.migration.MigrationProgress.State;
import io.slotkeeper.testing.EachServerVersion;
import io.slotkeeper.testing.RedisServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@EachServerVersion
class SlotMigrationServersTest {
  private static final Duration BUDGET = Duration.ofSeconds(1);
  private static final SlotSet MOVED = SlotSet.range(0, 1499);

  private final String name;
  private final Shards shards;
  private final RedisServer first;
  private final RedisServer empty;

  SlotMigrationServersTest(String name) {
    this.name = name;
    shards =
        new Shards(
            name,
            true,
            5000,
            List.of(SlotSet.range(0, 8000), SlotSet.range(8001, 16383), SlotSet.NONE));
    first = shards.masters.getFirst();
    empty = shards.masters.getLast();
  }

  @AfterEach
  void close() {
    shards.close();
  }

  @Test
  void everyMethodMovesSlotsUnderTheHandsOfAClient() {
    try (Traffic traffic = new Traffic(shards, "w:")) {
      RedisAdvancedClusterCommands<String, String> client = traffic.connection().sync();
      // {06S} is in slot 0.
      client.hset("{06S}hash", bigHash());
      client.xadd("{06S}stream", Map.of("field", "value"));
      client.set("{06S}expires", "later", SetArgs.Builder.px(100_000));
      client.set("{06S}expired", "soon", SetArgs.Builder.px(1));
      client.sadd("{06S}set", "a", "b");
      String digest = first.cli("DEBUG", "DIGEST-VALUE", "{06S}hash", "{06S}stream", "{06S}set");
      traffic.await(500);

      MigrationProgress classic = finish(MigrationMethod.CLASSIC, shards.move(first, empty, MOVED));
      assertThat(classic.slotsLeft()).isZero();
      assertThat(digest("{06S}hash", "{06S}stream", "{06S}set", empty)).isEqualTo(digest);
      assertThat(client.pttl("{06S}expires")).isBetween(1L, 100_000L);
      assertThat(client.get("{06S}expired")).isNull();
      assertOwner(empty, MOVED);
      traffic.await(100);

      // And back, by what the engine does best.
      MigrationMethod best = MigrationMethod.of(shards.all().stream().map(shards::look).toList());
      assertThat(best)
          .isEqualTo(
              switch (name) {
                case "redis-8.6" -> MigrationMethod.REDIS_ATOMIC;
                case "valkey-9.1" -> MigrationMethod.VALKEY_ATOMIC;
                default -> MigrationMethod.CLASSIC;
              });
      finish(best, shards.move(empty, first, MOVED));
      assertOwner(first, MOVED);
      assertThat(digest("{06S}hash", "{06S}stream", "{06S}set", first)).isEqualTo(digest);
      assertThat(client.pttl("{06S}expires")).isBetween(1L, 100_000L);
      traffic.assertNothingLost();
      Shards.eventually(() -> shards.keys(empty) == 0); // deleted in the background
    }
  }

  /** 2 MB, and 50 MB for one of the servers: its dump is one command. */
  private Map<String, String> bigHash() {
    int size = name.equals("redis-7.0") ? 50_000 : 2_000;
    return IntStream.range(0, 1_000)
        .boxed()
        .collect(Collectors.toMap(i -> "field-" + i, _ -> "x".repeat(size)));
  }

  private static String digest(String one, String two, String three, RedisServer server) {
    return server.cli("DEBUG", "DIGEST-VALUE", one, two, three);
  }

  /** What the servers do by themselves is watched as well. */
  @Test
  void oneStepIsEnoughIfItMayTakeItsTime() {
    MigrationMethod best = MigrationMethod.of(shards.all().stream().map(shards::look).toList());
    MigrationProgress progress =
        Shards.step(
            migration(shards.nodes),
            best,
            shards.move(first, empty, MOVED),
            Duration.ofSeconds(30));

    assertThat(progress.state()).as(progress.message()).isEqualTo(State.FINISHED);
    assertOwner(empty, MOVED);
  }

  @Test
  void theNextRunFinishesAnInterruptedMove() {
    SlotSet slots = SlotSet.range(0, 2);
    for (int i = 0; i < 30; i++) {
      first.cli("SET", "{06S}" + i, "value-" + i);
    }
    RedisServer from = first;
    RedisServer to = empty;
    int steps = 0;
    int failures = 0;
    boolean interrupted = true;
    // Before the first command, after it, before the second …, until there is nothing to break off.
    while (interrupted) {
      AtomicInteger countdown = new AtomicInteger(steps++);
      Intercepted broken =
          new Intercepted(
              shards.nodes,
              (_, command, call) -> {
                boolean writes = command.startsWith("setSlots") || command.equals("migrate");
                if (writes && countdown.getAndDecrement() == 0) {
                  throw new RedisErrorException("broken off before " + command);
                }
                Object answer = call.call();
                if (writes && countdown.getAndDecrement() == 0) {
                  throw new RedisErrorException("broken off after " + command);
                }
                return answer;
              });
      SlotMove move = shards.move(from, to, slots);
      MigrationProgress progress =
          Shards.step(migration(broken), MigrationMethod.CLASSIC, move, BUDGET);
      interrupted = countdown.get() < 0;
      failures += progress.state() == State.FAILED ? 1 : 0;

      finish(MigrationMethod.CLASSIC, move);
      assertOwner(to, slots);
      assertThat(shards.keys(to)).isEqualTo(30);
      assertThat(shards.keys(from)).isZero();
      RedisServer next = from;
      from = to;
      to = next;
    }
    assertThat(failures).isGreaterThan(8);
  }

  private SlotMigration migration(io.slotkeeper.redis.cluster.RedisNodes nodes) {
    return new SlotMigration(nodes, new VirtualThreads(), InstantSource.system());
  }

  private MigrationProgress finish(MigrationMethod method, SlotMove move) {
    SlotMigration migration = migration(shards.nodes);
    AtomicInteger moved = new AtomicInteger();
    MigrationProgress[] last = new MigrationProgress[1];
    Shards.eventually(() -> {
      MigrationProgress progress = migration.step(method, move, MigrationLimits.DEFAULT, BUDGET);
      assertThat(progress.state()).as(progress.message()).isNotEqualTo(State.FAILED);
      moved.addAndGet(progress.slotsMoved());
      last[0] = progress;
      return progress.state() == State.FINISHED;
    });
    return last[0];
  }

  /** All masters agree, and nothing is open. */
  private void assertOwner(RedisServer owner, SlotSet slots) {
    Shards.eventually(() ->
        shards.masters.stream()
            .allMatch(master -> {
              NodeSnapshot seen = shards.look(master);
              return !seen.table().myself().hasOpenSlots()
                  && seen.table()
                      .find(shards.id(owner))
                      .orElseThrow()
                      .slots()
                      .intersect(slots)
                      .equals(slots);
            }));
  }
}
