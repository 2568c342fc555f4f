package io.slotkeeper.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
    return get(endpoints.port(), path);
  }

  private static int get(int port, String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
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

  /**
   * Half a request each: the server hangs up on all, and answers others again. In a process of its
   * own: the JDK reads the bounds once, and another test's server may have been first here.
   */
  @Test
  void areNotHeldByRequestsThatNeverEnd() throws Exception {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    ServedEndpoints.class.getName()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<Socket> halves = new ArrayList<>();
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      int port = Integer.parseInt(String.valueOf(output.readLine()));
      for (int i = 0; i < 200; i++) {
        halves.add(halfARequest(port));
      }
      for (Socket half : halves) {
        assertThat(isHungUp(half)).isTrue();
      }
      assertThat(get(port, "/livez")).isEqualTo(200);
    } finally {
      for (Socket half : halves) {
        half.close();
      }
      process.destroyForcibly().waitFor();
    }
  }

  private static Socket halfARequest(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(60_000); // a server that never hangs up is a failure, not a wait for ever
    try {
      socket.getOutputStream().write("GET /livez HTTP/1.1\r\n".getBytes(StandardCharsets.UTF_8));
    } catch (SocketException e) {
      // hung up already
    }
    return socket;
  }

  private static boolean isHungUp(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() == -1;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true; // reset
    }
  }
}
