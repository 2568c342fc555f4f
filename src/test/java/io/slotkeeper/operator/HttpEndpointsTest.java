package io.slotkeeper.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class HttpEndpointsTest {
  private final AtomicBoolean alive = new AtomicBoolean(true);
  private final AtomicBoolean ready = new AtomicBoolean();
  private final HttpEndpoints endpoints =
      new HttpEndpoints(
          0, alive::get, ready::get, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));

  @AfterEach
  void close() {
    endpoints.close();
  }

  private int get(String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + endpoints.port() + path))
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  @Test
  void tellTheTruth() throws Exception {
    assertThat(get("/livez")).isEqualTo(200);
    assertThat(get("/readyz")).isEqualTo(503);
    assertThat(get("/metrics")).isEqualTo(200);

    alive.set(false);
    ready.set(true);

    assertThat(get("/livez")).isEqualTo(503);
    assertThat(get("/readyz")).isEqualTo(200);
  }

  /** Half a request each: the server hangs up on all, and answers others again. */
  @Test
  void areNotHeldByRequestsThatNeverEnd() throws Exception {
    List<Socket> halves = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoints.port());
      halves.add(socket);
      try {
        socket.getOutputStream().write("GET /livez HTTP/1.1\r\n".getBytes(StandardCharsets.UTF_8));
      } catch (SocketException e) {
        // hung up already
      }
    }

    for (Socket half : halves) {
      assertThat(isHungUp(half)).isTrue();
      half.close();
    }
    assertThat(get("/livez")).isEqualTo(200);
  }

  private static boolean isHungUp(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() == -1;
    } catch (SocketException e) {
      return true; // reset
    }
  }
}
