package io.slotkeeper.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/**
 * {@code /livez}: the process answers. {@code /readyz}: its caches are filled, so it can act, or
 * take over at once. {@code /metrics}: Prometheus text.
 */
final class HttpEndpoints implements AutoCloseable {
  private final HttpServer server;

  HttpEndpoints(int port, BooleanSupplier ready, PrometheusMeterRegistry metrics) {
    try {
      server = HttpServer.create(new InetSocketAddress(port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on port " + port, e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/livez", exchange -> answer(exchange, 200, "ok\n"));
    server.createContext(
        "/readyz",
        exchange -> {
          boolean is = ready.getAsBoolean();
          answer(exchange, is ? 200 : 503, is ? "ok\n" : "the caches are not filled yet\n");
        });
    server.createContext("/metrics", exchange -> answer(exchange, 200, metrics.scrape()));
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
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
