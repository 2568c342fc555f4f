package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  private static final String LONGEST = "a".repeat(40);

  @Test
  void thePodsNameTellsItsPlace() {
    assertThat(PodName.parse("redis-cluster-shard12-3"))
        .hasValue(new PodName("redis-cluster", 12, 3));
    assertThat(PodName.parse("a-shard1-0-shard2-1")).hasValue(new PodName("a-shard1-0", 2, 1));
    assertThat(new PodName("a", 2, 1)).hasToString("a-shard2-1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis-cluster",
        "redis-shard0",
        "redis-shard-0",
        "-shard0-0",
        "redis-shard01-0",
        "redis-shard0-00",
        "redis-shard0-0-x",
        "redis-shard99999999999-0"
      })
  void otherNamesAreNoPods(String name) {
    assertThat(PodName.parse(name)).isEmpty();
  }

  @Test
  void theLongestNamesFit() {
    Names names = new Names(LONGEST);
    // Pods carry <StatefulSet>-<10 characters> in the label controller-revision-hash.
    assertThat(names.shard(999) + "-0123456789").hasSizeLessThanOrEqualTo(63);
    assertThat(names.pod(999, 5)).hasSizeLessThanOrEqualTo(63);
    assertThat(names.governingService()).hasSizeLessThanOrEqualTo(63);
    assertThat(names.replicasService()).hasSizeLessThanOrEqualTo(63);
  }
}
