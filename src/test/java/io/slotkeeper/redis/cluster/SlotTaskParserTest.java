package io.slotkeeper.redis.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.cluster.SlotTask.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlotTaskParserTest {
  private static final String A = "a".repeat(40);
  private static final String B = "b".repeat(40);

  /** As Redis 8.6.3 answers. */
  private static List<Object> redis(String operation, String state, String error) {
    return List.of(
        "id",
        "cca5",
        "slots",
        "0-10 20-30 7000",
        "source",
        A,
        "dest",
        B,
        "operation",
        operation,
        "state",
        state,
        "last_error",
        error,
        "retries",
        3L,
        "create_time",
        1795260692495L,
        "start_time",
        1795260692495L,
        "end_time",
        1795260692501L,
        "write_pause_ms",
        2L);
  }

  /** As Valkey 9.1.2 answers. */
  private static List<Object> valkey(String state, String message) {
    return List.of(
        "name",
        "ba41",
        "operation",
        "EXPORT",
        "slot_ranges",
        "0-10 20-30",
        "target_node",
        B,
        "source_node",
        A,
        "create_time",
        1795260693L,
        "last_update_time",
        1795260693L,
        "last_ack_time",
        1795260693L,
        "state",
        state,
        "message",
        message,
        "cow_size",
        0L,
        "remaining_repl_size",
        0L);
  }

  @Test
  void readsTasksOfRedis() {
    assertThat(SlotTaskParser.imports(List.of(redis("migrate", "completed", ""))))
        .containsExactly(
            new SlotTask(
                "cca5",
                SlotSet.range(0, 10).plus(SlotSet.range(20, 30)).plus(SlotSet.of(7000)),
                new NodeId(A),
                new NodeId(B),
                false,
                State.COMPLETED,
                "completed",
                "",
                3,
                Instant.ofEpochMilli(1795260692495L),
                Duration.ofMillis(2)));
    assertThat(SlotTaskParser.imports(List.of(redis("import", "failed", "no"))))
        .singleElement()
        .extracting(SlotTask::state, SlotTask::message, SlotTask::importing)
        .containsExactly(State.RUNNING, "no", true);
    assertThat(SlotTaskParser.imports(List.of(redis("migrate", "failed", "no"))))
        .extracting(SlotTask::state)
        .containsExactly(State.FAILED);
    assertThat(SlotTaskParser.imports(List.of(redis("import", "canceled", ""))))
        .extracting(SlotTask::state)
        .containsExactly(State.CANCELLED);
    assertThat(SlotTaskParser.imports(List.of(redis("import", "streaming-buffer", ""))))
        .extracting(SlotTask::state)
        .containsExactly(State.RUNNING);
  }

  @Test
  void readsTasksOfValkey() {
    assertThat(SlotTaskParser.exports(List.of(valkey("success", ""))))
        .containsExactly(
            new SlotTask(
                "ba41",
                SlotSet.range(0, 10).plus(SlotSet.range(20, 30)),
                new NodeId(A),
                new NodeId(B),
                false,
                State.COMPLETED,
                "success",
                "",
                0,
                Instant.ofEpochSecond(1795260693),
                Duration.ZERO));
    assertThat(
            SlotTaskParser.exports(
                List.of(
                    valkey("failed", "x"), valkey("cancelled", ""), valkey("snapshotting", ""))))
        .extracting(SlotTask::state)
        .containsExactly(State.FAILED, State.CANCELLED, State.RUNNING);
  }

  @Test
  void whatIsNoTaskIsRejected() {
    assertThatThrownBy(() -> SlotTaskParser.imports(List.of(List.of("id", "1"))))
        .isInstanceOf(RedisErrorException.class)
        .hasMessageContaining("state");
    assertThatThrownBy(() -> SlotTaskParser.exports(List.of("x")))
        .isInstanceOf(RedisErrorException.class);
    assertThat(SlotTaskParser.imports(List.of())).isEmpty();
  }
}
