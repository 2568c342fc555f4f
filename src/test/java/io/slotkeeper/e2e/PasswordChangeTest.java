package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.slotkeeper.resources.Labels;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The generated password of a Redis that runs changes, and no pod restarts. */
@OnCluster
class PasswordChangeTest {
  private final Space space;

  PasswordChangeTest(Space space) {
    this.space = space;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sharded  | {cluster: {replicas: 1}}
          single   | {mode: Standalone}
          watched  | {mode: Sentinel}
          """)
  void itChangesWhileTheServersRun(String name, String spec) {
    TestRedis redis = space.create(name, spec).awaitRunning();
    String old = password(name);
    List<String> pods = uids(name);

    annotate(name, "1");

    awaitAsserted(() -> assertThat(password(name)).as("published").isNotEqualTo(old));
    String current = password(name);
    assertAllAnswer(name, old, "PONG");
    assertAllAnswer(name, current, "PONG");
    assertThat(redis.cli(0, 0).run("ping")).isEqualTo("PONG");
    awaitAsserted(() ->
        assertThat(redis.cli(0, 0).exec("cat", "/etc/slotkeeper/secrets/password"))
            .as("the file")
            .isEqualTo(current));
    assertThat(redis.events("PasswordAccepted")).isNotEmpty();

    endOverlap(name);

    awaitAsserted(() -> assertAllAnswer(name, old, "WRONGPASS"));
    assertAllAnswer(name, current, "PONG");
    assertThat(redis.events("PasswordRemoved")).isNotEmpty();
    redis.awaitRunning();
    awaitAsserted(() -> assertThat(redis.cli(0, 0).run("ping")).isEqualTo("PONG"));
    assertThat(password(name)).as("once per value").isEqualTo(current);
    assertThat(uids(name)).as("the same pods").isEqualTo(pods);
    assertThat(restarts(name)).isZero();
    redis.delete();
  }

  private void assertAllAnswer(String name, String password, String reply) {
    for (var pod : pods(name)) {
      String of = pod.getMetadata().getName();
      int port = of.contains("-sentinel-") ? 26379 : 6379;
      assertThat(
              space
                  .cli(name + "-shard0-0")
                  .exec(
                      "sh",
                      "-c",
                      "REDISCLI_AUTH=%s redis-cli -h %s -p %d ping 2>&1"
                          .formatted(password, pod.getStatus().getPodIP(), port)))
          .as(of)
          .contains(reply);
    }
  }

  private List<Pod> pods(String name) {
    return space
        .client()
        .pods()
        .inNamespace(space.name())
        .withLabels(Labels.selector(name))
        .list()
        .getItems();
  }

  private List<String> uids(String name) {
    return pods(name).stream().map(pod -> pod.getMetadata().getUid()).sorted().toList();
  }

  private int restarts(String name) {
    return pods(name).stream()
        .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
        .mapToInt(container -> container.getRestartCount())
        .sum();
  }

  private void annotate(String name, String value) {
    space
        .kubectl("annotate", "rd", name, "--overwrite", "slotkeeper.io/rotate-password=" + value)
        .orFail();
  }

  /** It lasts an hour. */
  private void endOverlap(String name) {
    space
        .kubectl(
            "annotate",
            "secret",
            name + "-server",
            "--overwrite",
            "slotkeeper.io/previous-password-until=2026-01-01T00:00:00Z")
        .orFail();
  }

  private String password(String name) {
    Secret secret =
        space.client().secrets().inNamespace(space.name()).withName(name + "-auth").require();
    Map<String, String> data = secret.getData();
    return new String(
        Base64.getDecoder().decode(String.valueOf(data.get("password"))), StandardCharsets.UTF_8);
  }
}
