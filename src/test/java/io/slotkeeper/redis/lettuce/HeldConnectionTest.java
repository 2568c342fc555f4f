package io.slotkeeper.redis.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.testing.EachServerVersion;
import io.slotkeeper.testing.RedisServer;
import io.slotkeeper.testing.RedisServers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server has said of itself is true of the one that gets the next command. */
@Timeout(60)
@EachServerVersion
class HeldConnectionTest {
  private final RedisServers servers;
  private final LettuceNodes nodes = RedisServers.patientNodes();

  HeldConnectionTest(String name) {
    servers = new RedisServers(name, null);
  }

  @AfterEach
  void close() {
    nodes.close();
    servers.close();
  }

  private static RedisUnavailableException unavailable(Runnable call) {
    return catchThrowableOfType(RedisUnavailableException.class, call::run);
  }

  @Test
  void endsWithTheServer() {
    RedisServer server = servers.start();
    RedisNode held = nodes.at(server.endpoint()).held();
    NodeId id = held.myId();
    assertThat(held.look().id()).isEqualTo(id);

    server.kill();
    server.restart();
    RedisNode next = nodes.at(server.endpoint()).held();
    assertThat(next.myId()).as("the same node runs again").isEqualTo(id);

    for (int i = 0; i < 2; i++) {
      assertThat(unavailable(() -> held.forget(id)).kind()).isEqualTo(Kind.CLOSED);
      assertThat(unavailable(held::look).kind()).isEqualTo(Kind.CLOSED);
    }
  }
}
