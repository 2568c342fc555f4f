package io.slotkeeper.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.slotkeeper.reconcile.ServedMetrics;
import io.slotkeeper.testing.RedisServer;
import io.slotkeeper.testing.RedisServers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus that scrapes real servers through a real exporter, and what the operator
 * serves: each query of the dashboards has data, and each alert asks for metrics that are there.
 */
@Tag("servers")
class PrometheusTest {
  private static final String PASSWORD = "a-p4ssword-for-few";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Pattern METRIC = Pattern.compile("\\b(?:slotkeeper|redis|jvm)_[a-z_]+");

  @TempDir static Path directory;

  private static RedisServers servers;
  private static RedisServer master;
  private static HttpServer operator;
  private static PrometheusServer prometheus;

  @BeforeAll
  static void start() throws IOException {
    servers = new RedisServers("redis-8.6", PASSWORD);
    master =
        servers.start("cluster-enabled no", "maxmemory 64mb", "maxclients 100", "appendonly yes");
    RedisServer replica =
        servers.start(
            "cluster-enabled no",
            "maxmemory 64mb",
            "replicaof " + master.ip() + " " + RedisServers.PORT);
    for (int i = 0; i < 20; i++) {
      master.cli("SET", "key:" + i, "value");
      master.cli("GET", "key:" + i);
    }
    master.cli("GET", "none");
    operator = operator();
    prometheus = new PrometheusServer(directory);
    prometheus.startExporter(Map.of(target(master), PASSWORD, target(replica), PASSWORD));
    prometheus.startPrometheus(
        scrapeConfigs(List.of(master, replica)), AlertsTest.spec("monitoring").toString());
  }

  @AfterAll
  static void stop() {
    prometheus.close();
    operator.stop(0);
    servers.close();
  }

  private static HttpServer operator() throws IOException {
    PrometheusMeterRegistry registry = ServedMetrics.everything();
    new JvmMemoryMetrics().bindTo(registry);
    HttpServer http = HttpServer.create(new InetSocketAddress(RedisServers.nextAddress(), 8080), 0);
    http.createContext(
        "/metrics",
        exchange -> {
          byte[] body = registry.scrape().getBytes(StandardCharsets.UTF_8);
          exchange
              .getResponseHeaders()
              .set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
          exchange.sendResponseHeaders(200, body.length);
          try (var out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    http.start();
    return http;
  }

  private static String target(RedisServer server) {
    return "redis://" + server.ip() + ":" + RedisServers.PORT;
  }

  /** As a PodMonitor labels them. */
  private static String scrapeConfigs(List<RedisServer> all) {
    StringBuilder text =
        new StringBuilder(
            """
            scrape_configs:
              - job_name: slotkeeper
                honor_labels: true
                static_configs: [{targets: ['%s:8080']}]
            """
                .formatted(operator.getAddress().getHostString()));
    for (int i = 0; i < all.size(); i++) {
      text.append(
          "  - {job_name: server-%1$d, metrics_path: /scrape, params: {target: ['%2$s']},"
                  .formatted(i, target(all.get(i)))
              + " static_configs: [{targets: ['%s'], labels:".formatted(prometheus.exporter())
              + " {namespace: ns, redis: x, shard: '0', instance: x-shard0-%d}}]}\n".formatted(i));
    }
    return text.toString();
  }

  /** As Grafana fills the variables in. */
  private static String filled(String expression) {
    return expression
        .replace("$namespace", "ns")
        .replace("$redis", "x")
        .replace("$__rate_interval", "10s");
  }

  private static void eventually(Runnable assertion) {
    await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(assertion::run);
  }

  @Test
  void eachPanelHasData() {
    Map<String, String> queries = new TreeMap<>();
    Dashboards.all()
        .forEach((name, dashboard) ->
            Dashboards.panels(dashboard)
                .forEach(panel ->
                    Dashboards.expressions(panel)
                        .forEach(expression ->
                            queries.put(
                                name + ": " + panel.get("title").asText() + ": " + expression,
                                filled(expression)))));

    assertThat(queries).hasSizeGreaterThan(30);
    queries.forEach((title, query) ->
        eventually(() -> assertThat(prometheus.query(query)).as(title).isNotEmpty()));
  }

  @Test
  void eachAlertIsLoadedAndAsksForMetricsThatAreThere() {
    eventually(() ->
        assertThat(prometheus.rules())
            .hasSameSizeAs(AlertsTest.alerts(AlertsTest.spec("monitoring")))
            .allSatisfy(rule ->
                assertThat(rule.get("health").asText()).as(rule.toString()).isEqualTo("ok")));
    Stream<String> metrics =
        AlertsTest.alerts(AlertsTest.spec("monitoring")).stream()
            .map(alert -> alert.get("expr").asText())
            .flatMap(expression -> METRIC.matcher(expression).results())
            .map(MatchResult::group)
            .distinct();
    metrics.forEach(metric ->
        eventually(
            () -> assertThat(prometheus.query("count(" + metric + ")")).as(metric).isNotEmpty()));
  }

  /** What the exporter says of healthy servers raises no alert; a failed snapshot does. */
  @Test
  void aFailureRaisesItsAlertAndNoOther() throws IOException {
    String alerts = "ALERTS{redis=\"x\",shard=\"0\"}";
    eventually(() -> assertThat(prometheus.query("redis_up == 1")).hasSize(2));
    eventually(() -> assertThat(prometheus.query("sum(redis_db_keys) == 40")).hasSize(1));
    assertThat(prometheus.query(alerts)).isEmpty();

    Path inTheWay = Files.createDirectory(master.data().resolve("dump.rdb"));
    Files.createFile(inTheWay.resolve("file"));
    master.cli("BGSAVE");
    eventually(() ->
        assertThat(names(prometheus.query(alerts))).containsExactly("RedisPersistenceFailing"));

    Files.delete(inTheWay.resolve("file"));
    Files.delete(inTheWay);
    master.cli("BGSAVE");
    eventually(() -> assertThat(prometheus.query(alerts)).isEmpty());
  }

  private static List<String> names(JsonNode alerts) {
    return alerts.findValues("alertname").stream().map(JsonNode::asText).distinct().toList();
  }
}
