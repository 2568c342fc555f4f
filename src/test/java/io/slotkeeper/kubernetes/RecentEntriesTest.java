package io.slotkeeper.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RecentEntriesTest {

  @Test
  void forgetsWhatWasNotUsedForLongest() {
    Map<String, Integer> recent = RecentEntries.map(2);
    recent.put("a", 1);
    recent.put("b", 2);
    assertThat(recent.get("a")).isEqualTo(1);

    recent.put("c", 3);

    assertThat(recent).containsOnlyKeys("a", "c");
  }
}
