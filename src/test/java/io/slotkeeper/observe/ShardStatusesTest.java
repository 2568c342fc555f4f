package io.slotkeeper.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.api.ShardStatus;
import io.slotkeeper.api.ShardStatus.ShardOwner;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A status can be written by others: what is malformed there is not remembered. */
class ShardStatusesTest {
  private static final NodeId ID = new NodeId("0123456789012345678901234567890123456789");

  private static RememberedShard remembered(@Nullable ShardOwner owner) {
    ShardStatus shard =
        new ShardStatus(
            "x-shard0",
            null,
            0,
            null,
            List.of(),
            List.of("first"),
            true,
            owner,
            List.of("x-shard0-0"));
    return ShardStatuses.memory(List.of(shard)).getOrDefault(0, RememberedShard.NONE);
  }

  @Test
  void whatIsWrittenIsRemembered() {
    SlotSet slots = SlotSet.range(0, 5460).plus(SlotSet.of(7000));
    RememberedShard.Owner owner = new RememberedShard.Owner(ID, 7, slots);

    assertThat(remembered(ShardStatuses.owner(owner)))
        .isEqualTo(new RememberedShard(owner, List.of("first"), Set.of("x-shard0-0"), true));
    assertThat(remembered(ShardStatuses.owner(null)).owner()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "0123, 0-5460",
    "0123456789012345678901234567890123456789, 0-16384",
    "0123456789012345678901234567890123456789, 9-3",
    "0123456789012345678901234567890123456789, ''",
    "0123456789012345678901234567890123456789, all",
    "0123456789012345678901234567890123456789, 0-99999999999",
  })
  void whatIsMalformedIsNot(String node, String slots) {
    assertThat(remembered(new ShardOwner(node, 1, slots)).owner()).isNull();
  }
}
