package io.slotkeeper.redis.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.redis.Key;
import io.slotkeeper.redis.migration.KeyBatchSize.Item;
import io.slotkeeper.redis.migration.KeyBatchSize.Load;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyBatchSizeTest {
  /** What one load should take: of three, the last one's clients wait as long as is allowed. */
  private static final Duration WANTED = MigrationLimits.DEFAULT.maxPause().dividedBy(3);

  private final KeyBatchSize batchSize = new KeyBatchSize(MigrationLimits.DEFAULT);
  private final Deque<Item> items = new ArrayDeque<>();

  @Test
  void takesWholeParcelsOfOneSlotEach() {
    add(1, 3, 100);
    add(2, 2, 100);

    Load load = batchSize.next(items, 0);
    assertThat(load.parcels()).extracting(parcel -> parcel.keys().size()).containsExactly(3, 2);
    assertThat(load.keys()).isEqualTo(5);
    assertThat(load.bytes()).isEqualTo(500);
    assertThat(items).isEmpty();
  }

  @Test
  void aLargeKeyGoesAlone() {
    add(1, 2, 100);
    add(1, 1, 50_000_000);
    add(1, 2, 100);

    assertThat(batchSize.next(items, 0).keys()).isEqualTo(2);
    Load alone = batchSize.next(items, 0);
    assertThat(alone.keys()).isEqualTo(1);
    assertThat(alone.bytes()).isEqualTo(50_000_000);
    assertThat(batchSize.next(items, 0).keys()).isEqualTo(2);
  }

  @Test
  void alwaysTakesSomething() {
    batchSize.took(new Load(List.of(), 1, 1, 1), Duration.ofSeconds(100));
    add(1, 1, 1_000_000);

    assertThat(batchSize.next(items, 0).keys()).isEqualTo(1);
  }

  @Test
  void risksLessWhereTheDestinationDoesNotAnswer() {
    for (int slot = 0; slot < 100; slot++) {
      add(slot, 1, 10);
    }
    assertThat(batchSize.next(items, 0).parcels()).hasSize(32);
    assertThat(batchSize.next(items, 1).parcels()).hasSize(8);
    assertThat(batchSize.next(items, 2).parcels()).hasSize(2);
    assertThat(batchSize.next(items, 3).parcels()).hasSize(1);
  }

  @Test
  void goesHalfTheWayThatALoadSuggests() {
    Load full = full();
    batchSize.took(full, WANTED.multipliedBy(16));
    assertThat(batchSize.allowance()).isBetween(full.cost() / 5, full.cost() / 3);

    long slow = batchSize.allowance();
    batchSize.took(full(), WANTED.dividedBy(100));
    assertThat(batchSize.allowance()).isEqualTo(slow * 3 / 2);
  }

  @Test
  void findsThePaceOfTheServersInAFewLoads() {
    for (double nanosPerCost : List.of(0.5, 20.0, 3.0)) {
      for (int i = 0; i < 20; i++) {
        Load load = full();
        batchSize.took(load, Duration.ofNanos((long) (load.cost() * nanosPerCost)));
      }
      assertThat(batchSize.allowance() * nanosPerCost)
          .isBetween(WANTED.toNanos() * 0.9, WANTED.toNanos() * 1.1);
    }
  }

  /** One of ten takes ten times as long, because of others on the machine. */
  @Test
  void isNotPutOffByASlowOneNowAndThen() {
    long nanosPerCost = 3;
    for (int i = 0; i < 100; i++) {
      Load load = full();
      batchSize.took(load, Duration.ofNanos(load.cost() * nanosPerCost * (i % 10 == 0 ? 10 : 1)));
      assertThat(i < 20 ? Long.MAX_VALUE : batchSize.allowance())
          .isGreaterThan(WANTED.toNanos() / nanosPerCost / 4);
    }
  }

  @Test
  void aSmallLoadThatIsSlowIsAWarning() {
    long before = batchSize.allowance();
    add(1, 1, 10);
    batchSize.took(batchSize.next(items, 0), WANTED.multipliedBy(5));

    assertThat(batchSize.allowance()).isEqualTo(before / 2);
  }

  @Test
  void aSmallLoadThatIsFastProvesNothing() {
    long before = batchSize.allowance();
    add(1, 1, 10);
    batchSize.took(batchSize.next(items, 0), Duration.ofNanos(1000));

    assertThat(batchSize.allowance()).isEqualTo(before);
  }

  private Load full() {
    items.clear();
    add(1, 10_000, 100);
    return batchSize.next(items, 0);
  }

  private void add(int slot, int count, long bytes) {
    for (int i = 0; i < count; i++) {
      items.add(new Item(slot, new Key(new byte[] {(byte) slot, (byte) i}), bytes));
    }
  }
}
