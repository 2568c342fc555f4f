package io.slotkeeper.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slotkeeper.operatorsettings.OperatorSettings;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.redis.lettuce.LettuceNodes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A leader that gives its Lease back has let go of everything before. */
@Timeout(60)
class LeadershipTest {
  private static final String LEASE =
      """
      {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
       "metadata": {"name": "slotkeeper", "namespace": "default", "resourceVersion": "1"},
       "spec": {"holderIdentity": "me", "leaseDurationSeconds": 10, "leaseTransitions": 1,
         "acquireTime": "2026-06-01T12:00:00.000000Z", "renewTime": "2026-06-01T12:00:00.000000Z"}}
      """;

  /** An API server that has a Lease, and says of each request whether the operator lives on. */
  private static final class LeaseServer implements AutoCloseable {
    private final ServerSocket socket;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile BooleanSupplier closed = () -> false;

    LeaseServer() throws IOException {
      socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
      Thread.ofPlatform().daemon().start(this::serve);
    }

    String url() {
      return "http://127.0.0.1:" + socket.getLocalPort();
    }

    private void serve() {
      while (!socket.isClosed()) {
        try (Socket client = socket.accept()) {
          BufferedReader in =
              new BufferedReader(
                  new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
          String request = in.readLine();
          if (request != null) {
            requests.add(request.split(" ", 2)[0] + (closed.getAsBoolean() ? " closed" : " open"));
            int length = 0;
            for (String line = in.readLine();
                line != null && !line.isEmpty();
                line = in.readLine()) {
              if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
              }
            }
            for (int i = 0; i < length; i++) {
              var _ = in.read();
            }
            client
                .getOutputStream()
                .write(
                    ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                            + LEASE.length()
                            + "\r\n\r\n"
                            + LEASE)
                        .getBytes(StandardCharsets.UTF_8));
          }
        } catch (IOException e) {
          // the next one
        }
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /** The next leader acts as soon as the Lease is free. */
  @Test
  void theLeaseIsGivenBackWhenNothingCanBeDoneAnyMore() throws Exception {
    try (LeaseServer server = new LeaseServer()) {
      KubernetesClient client =
          new KubernetesClientBuilder()
              .withConfig(new ConfigBuilder(Config.empty()).withMasterUrl(server.url()).build())
              .build();
      server.closed = () -> client.getHttpClient().isClosed();
      SlotkeeperOperator operator =
          new SlotkeeperOperator(
              OperatorSettings.from(Map.of("SLOTKEEPER_LEADER_ELECTION", "true", "POD_NAME", "me")),
              client,
              new SimpleMeterRegistry(),
              InstantSource.system(),
              "test");
      server.requests.clear(); // it has asked which kinds there are

      operator.close();

      assertThat(server.requests)
          .hasSizeGreaterThanOrEqualTo(2)
          .allMatch(r -> r.endsWith("closed"));
      assertThat(server.requests).anyMatch(request -> !request.startsWith("GET"));
    }
  }

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
      assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(server::accept);
    }
  }
}
