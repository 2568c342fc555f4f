package io.slotkeeper.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/**
 * {@code /livez}: it notices when a server dies. {@code /readyz}: its caches are filled, so it can
 * act, or take over at once. {@code /metrics}: Prometheus text.
 *
 * <p>Clients of the port can take no more than a few connections, each for a few seconds.
 */
final class HttpEndpoints implements AutoCloseable {
  /** The JDK's server reads them when its first instance is created; times are in seconds. */
  private static final Map<String, Integer> BOUNDS =
      Map.of(
          "jdk.httpserver.maxConnections", 64,
          "sun.net.httpserver.maxIdleConnections", 16,
          "sun.net.httpserver.idleInterval", 10,
          "sun.net.httpserver.maxReqTime", 5,
          "sun.net.httpserver.maxRspTime", 10,
          "jdk.httpserver.maxReqHeaderSize", 8192);

  private final HttpServer server;

  HttpEndpoints(
      int port, BooleanSupplier alive, BooleanSupplier ready, PrometheusMeterRegistry metrics) {
    BOUNDS.forEach((name, bound) -> System.setProperty(name, Integer.toString(bound)));
    try {
      server = HttpServer.create(new InetSocketAddress(port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on port " + port, e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/livez", exchange -> answer(exchange, alive, "servers are not watched any more\n"));
    server.createContext(
        "/readyz", exchange -> answer(exchange, ready, "the caches are not filled yet\n"));
    server.createContext("/metrics", exchange -> answer(exchange, 200, metrics.scrape()));
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, BooleanSupplier check, String otherwise)
      throws IOException {
    boolean is = check.getAsBoolean();
    answer(exchange, is ? 200 : 503, is ? "ok\n" : otherwise);
  }

  private static void answer(HttpExchange exchange, int code, String body) throws IOException {
    try (exchange) {
      boolean get = "GET".equals(exchange.getRequestMethod());
      byte[] bytes = get ? body.getBytes(StandardCharsets.UTF_8) : new byte[0];
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(get ? code : 405, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
