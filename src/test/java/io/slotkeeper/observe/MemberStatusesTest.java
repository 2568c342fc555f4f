package io.slotkeeper.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.api.MemberStatus;
import io.slotkeeper.redis.cluster.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MemberStatusesTest {
  private static final NodeId ID = new NodeId("a".repeat(40));
  private static final NodeId FORMER = new NodeId("b".repeat(40));

  @Test
  void whatIsWrittenIsReadAgain() {
    Map<String, NodeId> members = Map.of("x-shard0-0", ID, "x-shard0-1", FORMER);
    Map<String, ServerLocations> locations =
        Map.of("x-shard0-0", new ServerLocations(Set.of("n2", "n1"), Map.of(FORMER, Set.of("n3"))));

    List<MemberStatus> status = MemberStatuses.status(members, locations);

    assertThat(status).extracting(MemberStatus::pod).containsExactly("x-shard0-0", "x-shard0-1");
    assertThat(status.getFirst().nodes()).containsExactly("n1", "n2");
    assertThat(MemberStatuses.ids(status)).isEqualTo(members);
    assertThat(MemberStatuses.trails(status)).isEqualTo(locations);
  }

  @Test
  void whatIsNoIdIsLeftOut() {
    List<MemberStatus> status =
        List.of(
            new MemberStatus(
                "x-shard0-0",
                "not an id",
                List.of(),
                List.of(new MemberStatus.ReplacedMember("nor this", List.of("n1")))));

    assertThat(MemberStatuses.ids(status)).isEmpty();
    assertThat(MemberStatuses.trails(status)).isEmpty();
  }
}
