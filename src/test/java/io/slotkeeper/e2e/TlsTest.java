package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.api.TlsStatus;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Redis whose connections are encrypted. */
@OnCluster
class TlsTest {
  private final Space space;

  TlsTest(Space space) {
    this.space = space;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sharded  | {cluster: {replicas: 1}, tls: {}}
          single   | {mode: Standalone, standalone: {replicas: 1}, tls: {}}
          watched  | {mode: Sentinel, tls: {}}
          """)
  void clientsConnectWithTlsOnly(String name, String spec) {
    TestRedis redis = space.create(name, spec).awaitRunning();
    awaitAsserted(() -> {
      String served = String.valueOf(tls(redis).served());
      assertThat(served.split("/", -1)).as(served).hasSize(2);
      assertThat(served.split("/", -1)[0]).as(served).isEqualTo(served.split("/", -1)[1]);
    });

    assertThat(redis.cli(0, 0).run("ping")).isEqualTo("PONG");
    for (var pod : redis.pods()) {
      assertThat(plain(pod.getMetadata().getName())).contains("Connection refused");
    }
    assertThat(secret(name + "-binding", "uri")).startsWith("rediss://").contains(":6380");
    assertThat(secret(name + "-binding", "ca.crt")).contains("BEGIN CERTIFICATE");
    assertThat(withBinding(redis, name, "ping")).isEqualTo("PONG");

    String master = redis.master(0);
    space.kubectl("delete", "pod", master, "--grace-period=0", "--force").orFail();

    awaitAsserted(() -> assertThat(redis.master(0)).isNotEqualTo(master));
    redis.awaitRunning();
    awaitAsserted(() -> assertThat(withBinding(redis, name, "ping")).isEqualTo("PONG"));
    redis.delete();
  }

  @Test
  void aNewCertificateReachesRunningServers() {
    TestRedis redis = space.create("renewed", "{cluster: {replicas: 1}, tls: {}}").awaitRunning();
    awaitAsserted(() -> assertThat(tls(redis).served()).isEqualTo("6/6"));
    String serial = tls(redis).serial();
    List<String> pods = uids(redis);

    redis.patch("{tls: {extraNames: [redis.example.com]}}");

    awaitAsserted(() -> {
      assertThat(tls(redis).serial()).isNotEqualTo(serial);
      assertThat(tls(redis).served()).isEqualTo("6/6");
    });
    redis.awaitRunning();
    assertThat(uids(redis)).as("the same pods").isEqualTo(pods);
    assertThat(withBinding(redis, "renewed", "ping")).isEqualTo("PONG");
    redis.delete();
  }

  private static TlsStatus tls(TestRedis redis) {
    TlsStatus tls = redis.status().map(RedisStatus::tls).orElse(null);
    assertThat(tls).isNotNull();
    return tls == null ? new TlsStatus(null, null, null) : tls;
  }

  private static List<String> uids(TestRedis redis) {
    return redis.pods().stream().map(pod -> pod.getMetadata().getUid()).sorted().toList();
  }

  /** By the program itself, in the pod: from others the network policy keeps clients away. */
  private String plain(String pod) {
    return space.cli(pod).exec("sh", "-c", "/usr/bin/redis-cli -p 6379 ping 2>&1 || true");
  }

  /** With nothing but what an application gets. */
  private String withBinding(TestRedis redis, String name, String command) {
    return redis
        .cli(0, 0)
        .exec(
            "sh",
            "-c",
            """
            printf %%s '%s' >/run/slotkeeper/application-ca.crt
            REDISCLI_AUTH='%s' /usr/bin/redis-cli --tls --cacert /run/slotkeeper/application-ca.crt \\
              -h %s.%s.svc -p 6380 %s 2>&1
            """
                .formatted(
                    secret(name + "-binding", "ca.crt"),
                    secret(name + "-binding", "password"),
                    name,
                    space.name(),
                    command))
        .strip();
  }

  private String secret(String name, String key) {
    Secret secret = space.client().secrets().inNamespace(space.name()).withName(name).require();
    Map<String, String> data = secret.getData();
    return new String(
        Base64.getDecoder().decode(String.valueOf(data.get(key))), StandardCharsets.UTF_8);
  }
}
