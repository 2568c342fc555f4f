package io.slotkeeper.redis.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slotkeeper.redis.Key;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.VirtualThreads;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.ClusterTable;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.redis.cluster.SlotCommands;
import io.slotkeeper.redis.cluster.SlotSet;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is checked again in the middle of a step, which takes longer than an address may. */
class ClassicStepTest {
  private static final SlotSet SLOT = SlotSet.of(7);
  private static final MigrationEndpoint SOURCE = party(1);
  private static final MigrationEndpoint DESTINATION = party(2);

  private final List<String> commands = new ArrayList<>();
  private Instant now = Instant.EPOCH;

  /** The one key is still at the source. */
  private boolean full = true;

  /** The node that answers at the destination's address. */
  private NodeId there = DESTINATION.id();

  /** What the source says of the slot. */
  private boolean migrating = true;

  /** What happens while keys are listed. */
  private Runnable meanwhile = () -> {};

  private static MigrationEndpoint party(int number) {
    return new MigrationEndpoint(
        new NodeId("%08x".formatted(number) + "0".repeat(32)),
        new Endpoint("uid-" + number, "127.0.0." + number, 6379, null));
  }

  private NodeSnapshot look(MigrationEndpoint endpoint) {
    boolean source = endpoint.equals(SOURCE);
    ClusterNode self =
        new ClusterNode(
            endpoint.id(),
            null,
            EnumSet.of(Flag.MYSELF, Flag.MASTER),
            null,
            1,
            true,
            source ? SLOT : SlotSet.of(8),
            source && migrating ? Map.of(7, DESTINATION.id()) : Map.of(),
            source || !migrating ? Map.of() : Map.of(7, SOURCE.id()));
    MigrationEndpoint other = source ? DESTINATION : SOURCE;
    ClusterNode line =
        new ClusterNode(
            other.id(),
            null,
            EnumSet.of(Flag.MASTER),
            null,
            2,
            true,
            source ? SlotSet.of(8) : SLOT,
            Map.of(),
            Map.of());
    return Snapshots.of(new ClusterTable(List.of(self, line)), NodeSnapshot.Engine.REDIS, "7.0.15");
  }

  private Object answer(MigrationEndpoint endpoint, String method) {
    return switch (method) {
      case "look" -> look(endpoint);
      case "myId" -> endpoint.equals(SOURCE) ? SOURCE.id() : there;
      case "slots" -> proxy(endpoint, SlotCommands.class);
      case "countKeys" -> Map.of(7, 1L);
      case "keys" -> {
        meanwhile.run();
        Key key = new Key("k".getBytes(StandardCharsets.UTF_8));
        yield full ? Map.of(7, List.of(new SlotCommands.SizedKey(key, 10))) : Map.of();
      }
      case "migrate" -> {
        commands.add("migrate");
        full = false;
        yield new SlotCommands.Transfer(List.of(), Duration.ofMillis(1));
      }
      default -> throw new UnsupportedOperationException(method);
    };
  }

  private <T> T proxy(MigrationEndpoint endpoint, Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              if (method.getName().equals("setSlots")) {
                commands.add(endpoint.id().brief() + " " + arguments[1].getClass().getSimpleName());
                return null;
              }
              return answer(endpoint, method.getName());
            }));
  }

  private MigrationProgress run() {
    SlotMove move = new SlotMove(SOURCE, DESTINATION, List.of(), SLOT);
    NodeSnapshot source = look(SOURCE);
    NodeSnapshot destination = look(DESTINATION);
    return new ClassicStep(
            endpoint ->
                proxy(endpoint.equals(SOURCE.endpoint()) ? SOURCE : DESTINATION, RedisNode.class),
            new VirtualThreads(),
            () -> now,
            move,
            MigrationLimits.DEFAULT,
            source,
            destination,
            new ProgressCounter(1))
        .run(MigrationState.of(move, source, destination), Duration.ofSeconds(5));
  }

  @Test
  void theSlotGoesWhenItsKeysHaveGone() {
    assertThat(run().state()).isEqualTo(MigrationProgress.State.FINISHED);
    assertThat(commands).contains("migrate").endsWith("00000001 Owned");
  }

  @Test
  void noKeyGoesToAnotherServerAtTheAddressOfTheDestination() {
    there = new NodeId("f".repeat(40));

    assertThatThrownBy(this::run)
        .isInstanceOf(RedisErrorException.class)
        .hasMessageContaining("another server answers in place of");
    assertThat(commands).doesNotContain("migrate").noneMatch(c -> c.endsWith("Owned"));
  }

  @Test
  void anInterruptedStepDoesNotFinishWhatAnotherHasClosed() {
    meanwhile =
        () -> {
          now = now.plusSeconds(1);
          migrating = full;
        };

    assertThatThrownBy(this::run)
        .isInstanceOf(RedisErrorException.class)
        .hasMessageContaining("another hand has changed slots 7");
    assertThat(commands).noneMatch(command -> command.endsWith("Owned"));
  }

  @Test
  void aStepThatTakesLongGoesOnWhereNothingHasChanged() {
    meanwhile = () -> now = now.plusSeconds(1);

    assertThat(run().state()).isEqualTo(MigrationProgress.State.FINISHED);
  }
}
