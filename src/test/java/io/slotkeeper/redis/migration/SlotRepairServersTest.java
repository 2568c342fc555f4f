package io.slotkeeper.redis.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.redis.Key;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.VirtualThreads;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.RedisNode.FailoverMode;
import io.slotkeeper.redis.cluster.SlotCommands.Mark;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.redis.migration.MigrationProgress.State;
import io.slotkeeper.testing.RedisServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("servers")
@Timeout(120)
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"redis-7.0", "valkey-8.1"})
class SlotRepairServersTest {
  private static final Duration BUDGET = Duration.ofSeconds(1);
  private static final SlotSet SLOTS = SlotSet.range(0, 2);
  private static final int KEYS = 800;

  private final Shards shards;
  private final SlotRepair repair;

  SlotRepairServersTest(String name) {
    shards =
        new Shards(
            name,
            true,
            1000,
            List.of(
                SlotSet.range(0, 5460), SlotSet.range(5461, 10922), SlotSet.range(10923, 16383)));
    repair = new SlotRepair(shards.nodes, new VirtualThreads(), InstantSource.system());
  }

  @AfterEach
  void close() {
    shards.close();
  }

  /** The one of a shard's two servers that is the master. */
  private RedisServer master(int shard) {
    return Stream.of(shards.masters.get(shard), shards.replicas.get(shard))
        .filter(server -> shards.look(server).table().myself().isMaster())
        .findFirst()
        .orElseThrow();
  }

  private RedisServer other(int shard, RedisServer server) {
    RedisServer one = shards.masters.get(shard);
    return server == one ? shards.replicas.get(shard) : one;
  }

  private List<MigrationEndpoint> masters() {
    return Stream.of(0, 1, 2).map(shard -> shards.party(master(shard))).toList();
  }

  @Test
  void aServerThatDiesInTheMiddleOfAMoveLeavesNothingBehind() {
    String value = "v".repeat(1000);
    for (int i = 0; i < KEYS; i++) { // more than is moved with one command
      master(0).cli("SET", "{06S}" + i, value); // slot 0
    }
    // Source and destination, each after the first and after the last keys.
    killAndRepair(true, "migrate", 1);
    killAndRepair(false, "migrate", 1);
    killAndRepair(true, "setSlots Owned", 1);
    killAndRepair(false, "setSlots Migrating", 1);
  }

  private void killAndRepair(boolean killSource, String command, int count) {
    int from = shards.look(master(0)).table().myself().slots().contains(0) ? 0 : 1;
    int to = 1 - from;
    int victim = killSource ? from : to;
    RedisServer dying = master(victim);
    RedisServer heir = other(victim, dying);
    AtomicInteger countdown = new AtomicInteger(count);
    Intercepted broken =
        new Intercepted(
            shards.nodes,
            (_, name, call) -> {
              Object answer = call.call();
              if (name.equals(command) && countdown.decrementAndGet() == 0) {
                // What a failover without the master may lose is not what is tested here.
                Shards.eventually(() -> shards.keys(heir) == shards.keys(dying));
                dying.kill();
                throw new RedisErrorException("killed after " + name);
              }
              return answer;
            });
    SlotMove move =
        new SlotMove(
            shards.party(master(from)),
            shards.party(master(to)),
            List.of(shards.party(master(2))),
            SLOTS);
    SlotMigration migration =
        new SlotMigration(broken, new VirtualThreads(), InstantSource.system());
    MigrationProgress progress = Shards.step(migration, MigrationMethod.CLASSIC, move, BUDGET);
    assertThat(progress.state()).isEqualTo(State.FAILED);
    assertThat(countdown).hasValue(0);

    // A takeover asks no other server; an election would, and may take seconds here. A server that
    // has not heard that slots moved away would claim them again, and the keys would be deleted.
    RedisServer survivor = master(1 - victim);
    Shards.eventually(() -> heard(heir, survivor));
    shards.node(heir).failover(FailoverMode.TAKEOVER);
    Shards.eventually(() -> shards.look(heir).table().myself().isMaster());
    dying.restart();
    Shards.eventually(() -> follows(dying, heir));

    repairAll(SlotSet.NONE);
    assertWhole();
  }

  /**
   * Without replica migration, a master that lost its slots to two others follows none by itself.
   */
  private boolean follows(RedisServer server, RedisServer master) {
    NodeSnapshot seen = shards.look(server);
    if (seen.table().myself().isMaster() && seen.table().myself().slots().isEmpty()) {
      shards.node(server).replicate(shards.id(master));
    }
    return !seen.table().myself().isMaster() && seen.replication().linkUp();
  }

  /** Whether one server knows the slots that another one owns. */
  private boolean heard(RedisServer one, RedisServer other) {
    NodeSnapshot seen = shards.look(other);
    return shards
        .look(one)
        .table()
        .find(seen.id())
        .filter(node -> node.slots().equals(seen.table().myself().slots()))
        .isPresent();
  }

  private void repairAll(SlotSet suspected) {
    Shards.eventually(() -> {
      MigrationProgress progress =
          repair.step(masters(), suspected, MigrationLimits.DEFAULT, BUDGET);
      return progress.state() == State.FINISHED;
    });
  }

  /** Nothing is open, masters agree, and each key is there once, where its slot is. */
  private void assertWhole() {
    Shards.eventually(() ->
        Stream.of(0, 1, 2)
                .map(shard -> shards.look(master(shard)))
                .map(seen -> seen.table().slotsByOwner())
                .distinct()
                .count()
            == 1);
    assertThat(Stream.of(0, 1, 2).map(shard -> shards.look(master(shard))))
        .noneMatch(seen -> seen.table().myself().hasOpenSlots());
    RedisServer owner =
        Stream.of(0, 1, 2)
            .map(this::master)
            .filter(server -> owns(shards.look(server)))
            .findFirst()
            .orElseThrow();
    assertThat(shards.keys(owner)).isEqualTo(KEYS);
    assertThat(Stream.of(0, 1, 2).mapToLong(shard -> shards.keys(master(shard))).sum())
        .isEqualTo(KEYS);
    assertThat(owner.cli("STRLEN", "{06S}" + (KEYS - 1))).isEqualTo("1000");
  }

  private static boolean owns(NodeSnapshot seen) {
    return seen.table().myself().slots().contains(0);
  }

  @Test
  void hiddenKeysComeBackAndTheOwnersCopyStays() {
    RedisServer owner = master(0);
    RedisServer stranger = master(1);
    // Written at a master that imports the slot for a moment: left there when the mark goes.
    shards.node(stranger).slots().setSlots(SLOTS, new Mark.Importing(shards.id(owner)), 1);
    migrateThere(owner, stranger, "{06S}a", "hidden a");
    migrateThere(owner, stranger, "{06S}b", "hidden b");
    shards.node(stranger).slots().setSlots(SLOTS, new Mark.Stable(), 1);
    owner.cli("SET", "{06S}b", "the owner's b");
    owner.cli("SET", "{06S}c", "the owner's c");

    assertThat(repair.step(masters(), SlotSet.NONE, MigrationLimits.DEFAULT, BUDGET).state())
        .isEqualTo(State.FINISHED); // without a hint where to look
    repairAll(SLOTS);

    assertThat(owner.cli("GET", "{06S}a")).isEqualTo("hidden a");
    assertThat(owner.cli("GET", "{06S}b")).isEqualTo("the owner's b");
    assertThat(owner.cli("GET", "{06S}c")).isEqualTo("the owner's c");
    assertThat(shards.keys(stranger)).isZero();
    assertThat(shards.look(stranger).table().myself().hasOpenSlots()).isFalse();
  }

  private void migrateThere(RedisServer owner, RedisServer stranger, String key, String value) {
    owner.cli("SET", key, value);
    var errors =
        shards
            .node(owner)
            .slots()
            .migrate(
                stranger.endpoint(),
                List.of(
                    new io.slotkeeper.redis.cluster.SlotCommands.Parcel(
                        List.of(new Key(key.getBytes(java.nio.charset.StandardCharsets.UTF_8))))),
                false,
                Duration.ofSeconds(1))
            .errors();
    assertThat(errors).isEmpty();
  }

  @Test
  void nothingIsDoneWhileAMasterIsSilent() {
    RedisServer owner = master(0);
    RedisServer stranger = master(1);
    List<MigrationEndpoint> masters = masters();
    shards.node(stranger).slots().setSlots(SLOTS, new Mark.Importing(shards.id(owner)), 1);
    master(2).kill();

    assertThat(repair.step(masters, SlotSet.NONE, MigrationLimits.DEFAULT, BUDGET).state())
        .isEqualTo(State.FAILED);
    assertThat(
            repair
                .step(masters.subList(0, 2), SlotSet.NONE, MigrationLimits.DEFAULT, BUDGET)
                .message())
        .contains("were not asked");
    assertThat(shards.look(stranger).table().myself().hasOpenSlots()).isTrue();
  }
}
