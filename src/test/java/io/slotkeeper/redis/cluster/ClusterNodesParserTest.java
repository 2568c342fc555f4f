package io.slotkeeper.redis.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterNodesParserTest {
  private static final NodeId ME = new NodeId("a".repeat(40));
  private static final NodeId OTHER = new NodeId("b".repeat(40));
  private static final NodeId THIRD = new NodeId("c".repeat(40));

  @Test
  void readsATable() {
    ClusterTable table =
        ClusterNodesParser.parse(
            """
            %s 10.0.0.1:6379@16379 myself,master - 0 1668000000000 3 connected 0-5460 5462
            %s 10.0.0.2:6379@16379 slave %s 0 1668000000001 3 connected
            %s 10.0.0.3:6379@16379 master,fail? - 1668000000002 1668000000001 2 disconnected
            """
                .formatted(ME, OTHER, ME, THIRD));

    ClusterNode me = table.myself();
    assertThat(me.id()).isEqualTo(ME);
    assertThat(me.address()).isEqualTo(new NodeAddress("10.0.0.1", 6379, 16379));
    assertThat(me.flags()).containsExactlyInAnyOrder(Flag.MYSELF, Flag.MASTER);
    assertThat(me.master()).isNull();
    assertThat(me.configEpoch()).isEqualTo(3);
    assertThat(me.linked()).isTrue();
    assertThat(me.slots()).hasToString("0-5460 5462");
    ClusterNode other = table.find(OTHER).orElseThrow();
    assertThat(other.flags()).containsExactly(Flag.REPLICA);
    assertThat(other.master()).isEqualTo(ME);
    assertThat(other.slots().isEmpty()).isTrue();
    ClusterNode third = table.find(THIRD).orElseThrow();
    assertThat(third.isFailing()).isTrue();
    assertThat(third.linked()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "10.0.0.1:6379@16379 10.0.0.1",
        "fd00:10::a:6379@16379 fd00:10::a",
        "10.0.0.1:6379@16379,redis-0.redis.demo.svc 10.0.0.1",
        "10.0.0.1:6379@16379,,shard-id=0123,tls-port=0 10.0.0.1",
        "10.0.0.1:6379@16379,? 10.0.0.1",
      })
  void readsAddresses(String field, String ip) {
    assertThat(myself(field, "myself,master", "").address())
        .isEqualTo(new NodeAddress(ip, 6379, 16379));
  }

  @ParameterizedTest
  @ValueSource(strings = {":6379@16379", ":0@0", ":6379@16379,redis-0", "10.0.0.1:0@0"})
  void aNodeMayHaveNoAddress(String field) {
    assertThat(myself(field, "myself,master", "").address()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "handshake, HANDSHAKE",
    "noaddr, NOADDR",
    "nofailover, NOFAILOVER",
    "fail, FAIL",
    "fail?, PFAIL",
    "slave, REPLICA",
    "replica, REPLICA"
  })
  void readsFlags(String flag, Flag expected) {
    assertThat(myself("h:1@2", "myself," + flag + ",from-the-future", "").flags())
        .containsExactlyInAnyOrder(Flag.MYSELF, expected);
  }

  @Test
  void readsOpenSlots() {
    ClusterNode node =
        myself(
            "10.0.0.1:6379@16379",
            "myself,master",
            " 0 16383 [93->-%s] [77-<-%s]".formatted(OTHER, THIRD));

    assertThat(node.slots()).isEqualTo(SlotSet.of(0, 16383));
    assertThat(node.migrating()).isEqualTo(Map.of(93, OTHER));
    assertThat(node.importing()).isEqualTo(Map.of(77, THIRD));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "ERR This instance has cluster support disabled",
        "ID 10.0.0.1:6379@16379 myself,master - 0 0",
        "xyz 10.0.0.1:6379@16379 myself,master - 0 0 0 connected",
        "ID 10.0.0.1 myself,master - 0 0 0 connected",
        "ID 10.0.0.1:6379 myself,master - 0 0 0 connected",
        "ID 6379@16379 myself,master - 0 0 0 connected",
        "ID 10.0.0.1:port@16379 myself,master - 0 0 0 connected",
        "ID 10.0.0.1:6379@16379 myself,master other 0 0 0 connected",
        "ID 10.0.0.1:6379@16379 myself,master - 0 0 epoch connected",
        "ID 10.0.0.1:6379@16379 myself,master - 0 0 0 connected 16384",
        "ID 10.0.0.1:6379@16379 myself,master - 0 0 0 connected 5-4",
        "ID 10.0.0.1:6379@16379 myself,master - 0 0 0 connected [1-ID]",
        "ID 10.0.0.1:6379@16379 myself,master - 0 0 0 connected [1",
      })
  void namesTheLineItCannotRead(String line) {
    String text = line.replace("ID", ME.value());
    assertThatThrownBy(() -> ClusterNodesParser.parse(text + "\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @Test
  void aTableHasTheServerItself() {
    assertThatThrownBy(() -> ClusterNodesParser.parse("\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("myself");
  }

  private static ClusterNode myself(String address, String flags, String slots) {
    return ClusterNodesParser.parse(
            "%s %s %s - 0 0 1 connected%s\n".formatted(ME, address, flags, slots))
        .myself();
  }
}
