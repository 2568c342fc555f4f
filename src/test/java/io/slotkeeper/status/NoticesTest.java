package io.slotkeeper.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.slotkeeper.api.Phase;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.api.ShardStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NoticesTest {
  private static final Condition HEALING = condition("Progressing", "True", "Healing");
  private static final Condition STUCK = condition("Progressing", "False", "ShardLost");

  private static Condition condition(String type, String status, String reason) {
    return new ConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(reason)
        .withMessage("It is so.")
        .build();
  }

  private static RedisStatus status(String master, Condition... conditions) {
    return new RedisStatus(
        Phase.Healing,
        1L,
        List.of(conditions),
        null,
        1,
        "1/1",
        "a=b",
        List.of(new ShardStatus("x-shard0", "0-16383", 16384, master, List.of(), List.of())),
        List.of(),
        null,
        null);
  }

  private static List<String> reasons(RedisStatus before, RedisStatus after) {
    return Notices.of(before, after, Map.of("x-shard0", "a"), List.of(), List.of()).stream()
        .map(Notice::reason)
        .toList();
  }

  @Test
  void whatStaysAsItWasIsNoNews() {
    RedisStatus status = status("a", HEALING, condition("Degraded", "True", "MasterDown"));
    assertThat(reasons(status, status)).isEmpty();
  }

  @Test
  void healingIsToldOnceWhateverItsStages() {
    RedisStatus well = status("a", condition("Degraded", "False", "AsExpected"));
    RedisStatus down = status("a", HEALING, condition("Degraded", "True", "MasterDown"));
    RedisStatus waiting = status("a", HEALING, condition("Degraded", "True", "WaitingForPods"));
    assertThat(reasons(well, down)).containsExactly("MasterDown");
    assertThat(reasons(down, waiting)).isEmpty();
  }

  @Test
  void whatNeedsTheUserIsToldWhenItShows() {
    RedisStatus waiting = status("a", HEALING, condition("Degraded", "True", "WaitingForPods"));
    RedisStatus lost = status("a", STUCK, condition("Degraded", "True", "ShardLost"));
    assertThat(reasons(waiting, lost)).containsExactly("ShardLost");
  }

  @Test
  void anotherMasterIsToldByItsName() {
    List<Notice> notices =
        Notices.of(status("a"), status("b"), Map.of("x-shard0", "a"), List.of(), List.of());
    assertThat(notices)
        .containsExactly(
            new Notice(
                false, "FailedOver", "Failover", "b is master of slots 0-16383 in place of a."));
  }

  @Test
  void manyObjectsMakeOneShortEvent() {
    List<String> created =
        java.util.stream.IntStream.range(0, 100).mapToObj(i -> "StatefulSet s" + i).toList();
    assertThat(Notices.of(null, status("a"), Map.of(), created, List.of()))
        .singleElement()
        .extracting(Notice::note)
        .asString()
        .startsWith("Created StatefulSet s0, ")
        .endsWith(" and 88 more.");
  }
}
