package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A user as a resource. */
@OnCluster
class RedisUserTest {
  private final Space space;

  RedisUserTest(Space space) {
    this.space = space;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          many    | {cluster: {replicas: 1}}
          one     | {mode: Standalone, standalone: {replicas: 1}}
          watched | {mode: Sentinel}
          """)
  void itIsOnAllServersAndGoesWithTheResource(String name, String spec) {
    TestRedis redis = space.create(name, spec).awaitRunning();
    String app = name + "-app";
    apply(app, name, "rules: ['~app:*', '+@read', '+@write', '-@dangerous', '+ping']");
    awaitReady(app, "True Applied");
    String password = secret(app + "-user", "password");

    assertThat(secret(app + "-user", "username")).isEqualTo(app);
    assertThat(secret(app + "-user", "uri"))
        .startsWith("redis://" + app + ":" + password + "@" + name + ".");
    assertAllAnswer(redis, app, password, "PONG", "ping");
    assertAllAnswer(redis, app, password, "NOPERM", "flushall");
    assertAllAnswer(redis, app, password, "NOPERM", "get", "other");
    assertAllAnswer(redis, app, "guess", "WRONGPASS", "ping");

    // A server that starts has it before it is ready.
    String replaced = redis.podNames().getLast();
    String uid = space.pod(replaced).getMetadata().getUid();
    space.kubectl("delete", "pod", replaced).orFail();
    awaitAsserted(() -> {
      Pod pod = space.pod(replaced);
      assertThat(pod).isNotNull();
      assertThat(pod.getMetadata().getUid()).isNotEqualTo(uid);
      assertThat(space.cli(replaced).exec("grep", "-rc", "^user \"" + app, "/run/slotkeeper"))
          .contains(":1");
    });
    redis.awaitRunning();
    awaitReady(app, "True Applied");
    assertAllAnswer(redis, app, password, "PONG", "ping");

    space.kubectl("delete", "rduser", app).orFail();
    awaitAsserted(() -> assertAllAnswer(redis, app, password, "WRONGPASS", "ping"));
    awaitAsserted(
        () -> assertThat(space.kubectl("get", "secret", app + "-user").succeeded()).isFalse());
    redis.delete();
  }

  @Test
  void whatIsWrongWithItIsInItsStatus() {
    apply("early", "later", "rules: ['+get']");
    awaitReady("early", "False RedisNotFound");
    TestRedis redis = space.create("later", "{mode: Standalone}").awaitRunning();
    awaitReady("early", "True Applied");

    apply("typo", "later", "rules: ['+@raed']");
    awaitReady("typo", "False RulesRefused");
    assertThat(condition("typo", "RulesValid", "message")).contains("+@raed");
    apply("open", "later", "rules: ['nopass']");
    awaitReady("open", "False RulesRefused");
    apply("second", "later", "username: early");
    awaitReady("second", "False UsernameTaken");
    apply("poor", "later", "secretRef: {name: missing}");
    awaitReady("poor", "False SecretNotFound");
    apply("barred", "later", "rules: ['+ping'], suspended: true");
    awaitReady("barred", "False Suspended");
    assertAllAnswer(redis, "barred", secret("barred-user", "password"), "WRONGPASS", "ping");
    assertThat(space.kubectl("get", "rduser").orFail())
        .contains("REDIS", "USERNAME", "APPLIED", "READY", "REASON", "1/1");
    assertThat(space.apply(user("default", "later", "rules: []")).output()).contains("reserved");
    assertThat(space.apply(user("a", "later", "username: slotkeeper-x")).output())
        .contains("reserved");

    redis.delete();
    awaitReady("early", "False RedisNotFound");
  }

  @Test
  void itsSessionsAreCut() {
    TestRedis redis = space.create("cut", "{mode: Standalone}").awaitRunning();
    apply("guest", "cut", "rules: ['+@all', '~*', '&*']");
    awaitReady("guest", "True Applied");
    String password = secret("guest-user", "password");
    RedisCli cli = redis.cli(0, 0);
    cli.exec(
        "sh",
        "-c",
        "REDISCLI_AUTH=%s nohup redis-cli --user guest subscribe news >/dev/null 2>&1 &"
            .formatted(password));
    awaitAsserted(() -> assertThat(cli.run("client", "list")).contains("user=guest"));

    space.kubectl("delete", "rduser", "guest").orFail();

    awaitAsserted(() -> assertThat(cli.run("client", "list")).doesNotContain("user=guest"));
    awaitAsserted(() -> assertThat(cli.run("acl", "users").lines()).containsExactly("default"));
    redis.delete();
  }

  @Test
  void theSecretThatItNamesMustBeReadable() {
    space.kubectl("create", "serviceaccount", "dev").orFail();
    space
        .kubectl(
            "create", "role", "users", "--verb=create,get,update,patch", "--resource=redisusers")
        .orFail();
    space
        .kubectl(
            "create",
            "rolebinding",
            "users",
            "--role=users",
            "--serviceaccount=" + space.name() + ":dev")
        .orFail();
    space.kubectl("create", "secret", "generic", "theirs", "--from-literal=password=x").orFail();

    assertThat(applyAs(user("spy", "none", "secretRef: {name: theirs}")))
        .contains("needs the right to get Secret theirs");
    assertThat(applyAs(user("spy", "none", "rules: []"))).contains("created");
  }

  private String applyAs(String manifest) {
    try {
      var file = Files.createTempFile("manifest-", ".yaml");
      Files.writeString(file, manifest);
      return space
          .kubectl(
              "create",
              "-f",
              file.toString(),
              "--as=system:serviceaccount:" + space.name() + ":dev")
          .output();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String user(String name, String redis, String more) {
    return """
    apiVersion: slotkeeper.io/v1alpha1
    kind: RedisUser
    metadata: {name: %s}
    spec: {redisRef: {name: %s}, %s}
    """
        .formatted(name, redis, more);
  }

  private void apply(String name, String redis, String more) {
    space.apply(user(name, redis, more)).orFail();
  }

  private void awaitReady(String user, String expected) {
    awaitAsserted(() ->
        assertThat(condition(user, "Ready", "status") + " " + condition(user, "Ready", "reason"))
            .as(() -> space.kubectl("get", "rduser", user, "-o", "yaml").output())
            .isEqualTo(expected));
  }

  private String condition(String user, String type, String field) {
    return space
        .kubectl(
            "get",
            "rduser",
            user,
            "-o",
            "jsonpath={.status.conditions[?(@.type==\"%s\")].%s}".formatted(type, field))
        .orFail();
  }

  private String secret(String name, String key) {
    String data =
        space.kubectl("get", "secret", name, "-o", "jsonpath={.data." + key + "}").orFail();
    return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
  }

  /** Each server, asked by that user. */
  private void assertAllAnswer(
      TestRedis redis, String user, String password, String reply, String... command) {
    List<Pod> pods = redis.pods();
    assertThat(pods).isNotEmpty();
    for (Pod pod : pods) {
      assertThat(
              space
                  .cli(pod.getMetadata().getName())
                  .exec(
                      "sh",
                      "-c",
                      "REDISCLI_AUTH=%s redis-cli --user %s %s 2>&1"
                          .formatted(password, user, String.join(" ", command))))
          .as(pod.getMetadata().getName())
          .contains(reply);
    }
  }
}
