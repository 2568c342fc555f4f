package io.slotkeeper.operator;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.slotkeeper.redis.LettuceNodes;
import io.slotkeeper.redis.RedisNodes.Endpoint;
import io.slotkeeper.redis.RedisUnavailableException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** A leader that gives its Lease back has let go of everything before. */
class LeadershipTest {

  /** A pass of the former leader may still run: what it says reaches no server. */
  @Test
  void afterItsConnectionsAreClosedNoServerIsReached() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      LettuceNodes nodes =
          new LettuceNodes(
              Duration.ofSeconds(1),
              Duration.ofSeconds(2),
              Duration.ofSeconds(5),
              InstantSource.system());
      nodes.close();

      assertThatExceptionOfType(RedisUnavailableException.class)
          .isThrownBy(() ->
              nodes.at(new Endpoint("pod", "127.0.0.1", server.getLocalPort(), null)).bumpEpoch());
      server.setSoTimeout(1);
      assertThatExceptionOfType(java.net.SocketTimeoutException.class).isThrownBy(server::accept);
    }
  }
}
