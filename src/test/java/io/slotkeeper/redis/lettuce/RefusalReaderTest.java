package io.slotkeeper.redis.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server without room for a client, where its words are lost with the connection. */
class RefusalReaderTest {
  private static final String FULL = "ERR max number of clients reached";
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private ServerSocket server;
  private Endpoint endpoint;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    endpoint =
        new Endpoint(
            "uid", server.getInetAddress().getHostAddress(), server.getLocalPort(), "secret");
    Thread.ofVirtual().start(this::serve);
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  /** Resets a client that has sent something, so that it gets no words; others get them. */
  private void serve() {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        client.setSoTimeout(50);
        if (hasSent(client)) {
          client.setSoLinger(true, 0);
        } else {
          client.getOutputStream().write(("-" + FULL + "\r\n").getBytes(StandardCharsets.UTF_8));
        }
      } catch (IOException _) {
        // The next one, or the end.
      }
    }
  }

  private static boolean hasSent(Socket client) throws IOException {
    try {
      return client.getInputStream().read() >= 0;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  @Test
  void reachAClientThatKeepsSilent() {
    assertThat(RefusalReader.of(endpoint, DEADLINE)).contains(FULL);
  }

  @Test
  void ofAServerThatIsGone() throws IOException {
    // One that nothing accepts from: the other accepts once more while it closes.
    ServerSocket other = new ServerSocket(0, 1, server.getInetAddress());
    other.close();
    Endpoint gone = new Endpoint("uid", endpoint.ip(), other.getLocalPort(), null);

    assertThat(RefusalReader.of(gone, DEADLINE)).isEmpty();
  }

  @Test
  void tellWhyALoginWasReset() {
    try (LettuceNodes nodes =
        new LettuceNodes(DEADLINE, DEADLINE, Duration.ofMinutes(1), InstantSource.system())) {
      RedisUnavailableException failure =
          catchThrowableOfType(RedisUnavailableException.class, () -> nodes.at(endpoint).look());

      assertThat(failure.kind()).isEqualTo(Kind.MAX_CLIENTS);
    }
  }
}
