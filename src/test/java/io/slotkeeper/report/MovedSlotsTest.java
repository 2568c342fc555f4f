package io.slotkeeper.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.testing.Statuses;
import org.junit.jupiter.api.Test;

class MovedSlotsTest {
  private static final RedisStatus BEFORE = shards("0-8191", "8192-16383");

  private static RedisStatus shards(String... slots) {
    StringBuilder shards = new StringBuilder();
    for (int i = 0; i < slots.length; i++) {
      shards.append(Statuses.shard("x-shard" + i, slots[i], 1, "m"));
    }
    return Statuses.status("ClusterFormed", "", "1/1", shards.toString());
  }

  @Test
  void countsWhatAnotherShardHad() {
    assertThat(MovedSlots.between(BEFORE, shards("0-8191", "8202-16383", "8192-8201")))
        .isEqualTo(10);
    assertThat(MovedSlots.between(BEFORE, shards("0-8191 8192", "8193-16383"))).isEqualTo(1);
  }

  @Test
  void whatNoneHadIsAssignedAndDoesNotMove() {
    assertThat(MovedSlots.between(null, BEFORE)).isZero();
    assertThat(MovedSlots.between(shards("0-8191", ""), BEFORE)).isZero();
    assertThat(MovedSlots.between(BEFORE, shards("0-8191", ""))).isZero();
  }
}
