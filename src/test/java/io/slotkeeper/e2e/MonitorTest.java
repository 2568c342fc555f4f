package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.testing.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The exporter of a Redis comes, has the metrics of every server, and goes: no server restarts. */
@OnCluster
class MonitorTest {
  private static final int EXPORTER = 9121;
  private static final String ON = "{monitor: {prometheus: {}}}";

  private final Space space;

  MonitorTest(Space space) {
    this.space = space;
  }

  /** Valkey says what its mode is under a name that the exporter does not know. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sharded  | {cluster: {replicas: 1}}                  | cluster
          single   | {version: valkey-9.1, mode: Standalone}   | ''
          watched  | {version: "8.6", mode: Sentinel}          | standalone
          """)
  void isSwitchedOnAndOffWhileServersRun(String name, String spec, String mode) {
    TestRedis redis = space.create(name, spec).awaitRunning();
    List<String> before = servers(redis);

    redis.patch(ON);

    awaitAsserted(() -> assertThat(exporters(name)).hasSize(1).allMatch(Readiness::isPodReady));
    for (String pod : redis.podNames()) {
      awaitAsserted(() ->
          assertThat(scrape(name, target(name, pod)))
              .as(pod)
              .contains("\nredis_up 1", "redis_mode=\"" + mode + "\""));
    }
    assertThat(scrape(name, "redis://" + name + "." + space.name() + ".svc:6379"))
        .as("an address that is none of a server gets no password")
        .contains("\nredis_up 0", "NOAUTH");

    redis.patch("{monitor: null}");

    awaitAsserted(() -> {
      assertThat(exporters(name)).isEmpty();
      assertThat(deployment(name)).isNull();
      assertThat(space.kubectl("get", "svc,netpol", "-o", "name").output())
          .doesNotContain(name + "-exporter");
      assertThat(space.kubectl("get", "secret", name + "-exporter", "-o", "yaml").output())
          .doesNotContain("passwords.json:");
    });
    redis.awaitRunning();
    assertThat(servers(redis)).as("the same, none restarted").isEqualTo(before);
    redis.delete();
    awaitAsserted(() ->
        assertThat(space.kubectl("get", "secret", "-o", "name").output())
            .doesNotContain(name + "-exporter"));
  }

  @Test
  void followsThePasswordAndReachesNoOtherRedis() {
    TestRedis other = space.create("other", "{mode: Standalone, auth: {disabled: true}}");
    TestRedis redis = space.create("mine", "{mode: Standalone, monitor: {prometheus: {}}}");
    redis.awaitRunning();
    other.awaitRunning();
    String target = target("mine", "mine-shard0-0");
    awaitAsserted(() -> assertThat(scrape("mine", target)).contains("\nredis_up 1"));
    String pod = exporters("mine").getFirst().getMetadata().getUid();

    space
        .kubectl("annotate", "rd", "mine", "--overwrite", "slotkeeper.io/rotate-password=1")
        .orFail();

    awaitAsserted(() ->
        assertThat(exporters("mine"))
            .hasSize(1)
            .allMatch(Readiness::isPodReady)
            .noneMatch(one -> one.getMetadata().getUid().equals(pod)));
    awaitAsserted(() -> assertThat(scrape("mine", target)).contains("\nredis_up 1"));
    assertThat(scrape("mine", target("other", "other-shard0-0")))
        .as("the network policy keeps it from others")
        .contains("\nredis_up 0");
    redis.delete();
    other.delete();
  }

  /** The API server checks it against the schema of the Prometheus Operator. */
  @Test
  void aPodMonitorComesAndGoesWhereItsKindIs() {
    String file = Program.run(List.of("dev/podmonitor-crd")).orFail().strip();
    space.kubectl("create", "-f", file).orFail();
    try {
      TestRedis redis =
          space.create(
              "seen",
              "{mode: Standalone, monitor: {prometheus: {podMonitor: {labels: {release: p}}}}}");

      awaitAsserted(() ->
          assertThat(
                  space
                      .kubectl("get", "podmonitor", "seen-exporter", "-o", "jsonpath={.spec}")
                      .output())
              .contains(
                  "\"path\":\"/scrape\"",
                  "\"replacement\":\"seen-exporter." + space.name() + ".svc:9121\"",
                  "\"targetLabel\":\"__param_target\""));
      assertThat(space.kubectl("get", "podmonitor", "-l", "release=p", "-o", "name").output())
          .contains("seen-exporter");
      redis.awaitRunning();

      redis.patch("{monitor: null}");
      awaitAsserted(() ->
          assertThat(space.kubectl("get", "podmonitor", "-o", "name").output())
              .doesNotContain("seen-exporter"));
      redis.delete();
    } finally {
      space.kubectl("delete", "-f", file).orFail();
    }
  }

  /** What a restart or a replacement would change. */
  private List<String> servers(TestRedis redis) {
    return redis.pods().stream()
        .map(pod ->
            pod.getMetadata().getUid()
                + pod.getStatus().getContainerStatuses().getFirst().getRestartCount())
        .toList();
  }

  private String target(String redis, String pod) {
    return "redis://%s.%s-gvr.%s.svc:6379".formatted(pod, redis, space.name());
  }

  private Deployment deployment(String redis) {
    return space
        .client()
        .apps()
        .deployments()
        .inNamespace(space.name())
        .withName(redis + "-exporter")
        .get();
  }

  private List<Pod> exporters(String redis) {
    return space
        .client()
        .pods()
        .inNamespace(space.name())
        .withLabel(Labels.EXPORTER, redis)
        .list()
        .getItems();
  }

  private String scrape(String redis, String target) {
    return forwarded(
        redis,
        port -> {
          try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(
                            URI.create(
                                "http://127.0.0.1:%d/scrape?target=%s".formatted(port, target)))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                    HttpResponse.BodyHandlers.ofString())
                .body();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
          }
        });
  }

  /** Through the kubelet, which network policies let through. */
  private String forwarded(String redis, Function<Integer, String> request) {
    String pod = exporters(redis).getFirst().getMetadata().getName();
    try (LocalPortForward forward =
        space.client().pods().inNamespace(space.name()).withName(pod).portForward(EXPORTER)) {
      return request.apply(forward.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
