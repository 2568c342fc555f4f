package io.slotkeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Passwords: there by default, and nowhere but where they belong. */
@OnCluster
class AuthTest {
  private static final String WITHOUT_PASSWORD = "REDISCLI_AUTH= redis-cli ping";

  private final Space space;

  AuthTest(Space space) {
    this.space = space;
  }

  @Test
  void isGeneratedForClientsAndNotShownElsewhere() {
    TestRedis redis = space.create("generated", "{cluster: {master: 1, replicas: 1}}");
    redis.awaitRunning();
    Secret secret = secret("generated-auth");
    Map<String, String> data = decoded(secret);
    String password = Objects.requireNonNull(data.get("password"));

    assertThat(secret.getType()).isEqualTo("kubernetes.io/basic-auth");
    assertThat(data)
        .containsEntry("username", "default")
        .containsEntry("type", "redis")
        .containsEntry("port", "6379")
        .containsKeys("host", "uri");
    assertThat(password).hasSizeGreaterThanOrEqualTo(24);
    assertThat(redis.cli(0, 0).exec("sh", "-c", WITHOUT_PASSWORD)).startsWith("NOAUTH");
    assertThat(
            redis
                .cli(0, 0)
                .exec(
                    "sh",
                    "-c",
                    // In one stream: the warning about passwords comes before the answer then.
                    "redis-cli -u '" + data.get("uri") + "' ping 2>&1"))
        .as("an application that is bound to the Secret, through the Service")
        .endsWith("PONG");

    String commandLines = "for f in /proc/[0-9]*/cmdline; do tr '\\0' ' ' <$f; done";
    assertThat(
            String.join(
                "\n",
                redis.cli(0, 0).exec("sh", "-c", commandLines),
                redis.cli(0, 1).exec("sh", "-c", "tr '\\0' '\\n' </proc/1/environ"),
                space.kubectl("get", "rd,cm,sts,pods,svc,pvc,netpol,pdb", "-o", "yaml").orFail(),
                space.kubectl("get", "events", "-o", "yaml").orFail(),
                space.kubectl("logs", redis.pod(0, 0)).orFail(),
                space.operator().log()))
        .contains("redis-server", "generated-shard0")
        .doesNotContain(password)
        .doesNotContain(
            Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8)));
  }

  /** Also in another Secret, for which no server restarts. */
  @Test
  void isTheUsersWhereTheUserBringsOne() {
    String password = "p@ss w\"ord'\\ $(id) #ü";
    create("brought", password);
    TestRedis redis =
        space.create(
            "own", "{cluster: {master: 1, replicas: 1}, auth: {secretRef: {name: brought}}}");

    redis.awaitRunning().assertSound(1, 1);

    assertThat(redis.cli(0, 0).exec("sh", "-c", WITHOUT_PASSWORD)).startsWith("NOAUTH");
    assertThat(redis.cli(0, 0).run("ping")).isEqualTo("PONG");
    assertThat(space.kubectl("get", "secret", "own-auth").succeeded()).isFalse();
    assertThat(redis.cli(0, 0).exec("cat", "/etc/slotkeeper/secrets/password")).isEqualTo(password);
    assertThat(redis.cli(0, 0).exec("stat", "-Lc", "%a", "/etc/slotkeeper/secrets/password"))
        .isEqualTo("440");

    List<String> pods = uids(redis);
    create("renamed", password);
    redis.patch("auth: {secretRef: {name: renamed}}").awaitRunning();
    redis.awaitCondition(ConditionType.ConfigurationApplied, true, Reason.Applied);
    redis.awaitCondition(ConditionType.Progressing, false, Reason.Complete);
    assertThat(uids(redis)).isEqualTo(pods);
  }

  private static List<String> uids(TestRedis redis) {
    return redis.pods().stream().map(pod -> pod.getMetadata().getUid()).toList();
  }

  private void create(String secret, String password) {
    space
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(secret)
                .endMetadata()
                .addToStringData("password", password)
                .build())
        .inNamespace(space.name())
        .create();
  }

  @Test
  void isOffWhereTheUserSaysSo() {
    TestRedis redis =
        space.create("open", "{cluster: {master: 1, replicas: 1}, auth: {disabled: true}}");

    redis.awaitRunning().assertSound(1, 1);

    assertThat(redis.cli(0, 0).exec("sh", "-c", WITHOUT_PASSWORD)).isEqualTo("PONG");
    assertThat(space.kubectl("get", "secret", "open-auth").succeeded()).isFalse();
  }

  private Secret secret(String name) {
    return space.client().secrets().inNamespace(space.name()).withName(name).require();
  }

  private static Map<String, String> decoded(Secret secret) {
    return secret.getData().entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                entry ->
                    new String(
                        Base64.getDecoder().decode(entry.getValue()), StandardCharsets.UTF_8)));
  }
}
