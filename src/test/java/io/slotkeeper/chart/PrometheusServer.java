package io.slotkeeper.chart;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.testing.RedisServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A real Prometheus and a real redis_exporter, as processes that {@code dev/prometheus} unpacks.
 */
final class PrometheusServer implements AutoCloseable {
  private static final Path BIN = RedisServers.programs("redis-8.6").resolve("../../bin");

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Process> processes = new ArrayList<>();
  private final Path directory;
  private final String prometheus = RedisServers.nextAddress() + ":9090";
  private final String exporter = RedisServers.nextAddress() + ":9121";

  PrometheusServer(Path directory) {
    this.directory = directory;
  }

  String exporter() {
    return exporter;
  }

  /**
   * @param passwords of servers, by address, as the operator writes them
   */
  void startExporter(Map<String, String> passwords) {
    Path file = write("passwords.json", Serialization.asJson(passwords));
    start(
        "redis_exporter",
        "-redis.addr=",
        "-web.listen-address=" + exporter,
        "-redis.password-file=" + file,
        "-disable-exporting-key-values",
        "-connection-timeout=5s");
  }

  /**
   * @param scrapeConfigs in YAML
   * @param rules the spec of a PrometheusRule
   */
  void startPrometheus(String scrapeConfigs, String rules) {
    write("rules.yaml", rules);
    Path config =
        write(
            "prometheus.yaml",
            "global: {scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 1s}\n"
                + "rule_files: [rules.yaml]\n"
                + scrapeConfigs);
    start(
        "prometheus",
        "--config.file=" + config,
        "--storage.tsdb.path=" + directory.resolve("data"),
        "--web.listen-address=" + prometheus,
        "--log.level=error");
  }

  private Path write(String name, String text) {
    try {
      return Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void start(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(BIN.resolve(program).toString());
    command.addAll(List.of(arguments));
    try {
      processes.add(
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve(program + ".log").toFile())
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException("dev/prometheus unpacks it", e);
    }
  }

  /** The result of a query at this moment: a list. */
  JsonNode query(String expression) {
    JsonNode answer =
        get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
    if (!answer.path("status").asText().equals("success")) {
      throw new AssertionError(expression + ": " + answer);
    }
    return answer.at("/data/result");
  }

  /** What it scrapes, after relabelling: each with {@code scrapeUrl} and {@code labels}. */
  List<JsonNode> targets() {
    List<JsonNode> all = new ArrayList<>();
    get("/api/v1/targets?state=active").at("/data/activeTargets").forEach(all::add);
    return all;
  }

  /** The rules as it has loaded them, with their health. */
  List<JsonNode> rules() {
    return get("/api/v1/rules").findValues("rules").stream()
        .flatMap(rules -> {
          List<JsonNode> all = new ArrayList<>();
          rules.forEach(all::add);
          return all.stream();
        })
        .toList();
  }

  private JsonNode get(String path) {
    try {
      String body =
          http.send(
                  HttpRequest.newBuilder(URI.create("http://" + prometheus + path))
                      .timeout(Duration.ofSeconds(20))
                      .build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      return Serialization.unmarshal(body, JsonNode.class);
    } catch (IOException e) {
      throw new AssertionError("Prometheus does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    http.close();
  }
}
