package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.slotkeeper.certificates.Authority;
import io.slotkeeper.certificates.KeyMaterial;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.Trust;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.redis.lettuce.LettuceNodes;
import io.slotkeeper.redis.lettuce.TlsHandshakes;
import io.slotkeeper.testing.EachServerVersion;
import io.slotkeeper.testing.RedisServers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real servers with TLS, started as in a container: by the real scripts. */
@Timeout(90)
@EachServerVersion
class TlsContainerTest {
  private static final String PASSWORD = "secret";
  private static final List<String> NAMES = List.of("tls.demo.svc");

  private final String name;
  private final List<Container> containers = new ArrayList<>();
  private final Instant now = Instant.now();
  private final Authority authority = Authority.create("tls", now);
  private final KeyMaterial material = issued(authority);
  @TempDir Path root;

  TlsContainerTest(String name) {
    this.name = name;
  }

  @AfterEach
  void killAll() {
    containers.forEach(Container::kill);
  }

  private KeyMaterial issued(Authority by) {
    return by.issue(NAMES, now, Duration.ofDays(1));
  }

  private Container container(ResolvedSpec redis, String pod) {
    Sandbox box = new Sandbox(root.resolve("container" + containers.size()), "", redis);
    Container container = new Container(box, name, redis.config(), PASSWORD, pod);
    box.certificate(material);
    containers.add(container);
    return container;
  }

  private List<Container> cluster() {
    ResolvedSpec redis = Case.named("cluster-tls").blueprint();
    Container master = container(redis, "tls-shard0-0");
    Container replica = container(redis, "tls-shard0-1");
    master.start();
    replica.start();
    master.cli("cluster", "addslotsrange", "0", "16383");
    assertThat(master.cli("cluster", "meet", replica.ip, "6380", "16379")).isEqualTo("OK");
    String id = master.cli("cluster", "myid");
    await().until(() -> replica.cli("cluster", "replicate", id).equals("OK"));
    await().until(() -> master.cli("set", "hello", "world").equals("OK"));
    await().until(() -> replica.ready() && master.ready());
    return List.of(master, replica);
  }

  private Endpoint endpoint(Container container, KeyMaterial trusted) {
    return new Endpoint(
        "uid", container.ip, Ports.CLIENT_TLS, PASSWORD, new Trust(trusted.authoritiesText()));
  }

  @Test
  void aClusterNeedsNoPlainPort() {
    List<Container> both = cluster();
    Container master = both.getFirst();
    Container replica = both.getLast();

    assertThat(master.cli("config", "get", "port")).isEqualTo("port\n0");
    assertThat(replica.cli("info", "replication")).contains("master_port:6380");
    assertThat(master.exec(Map.of(), "redis-cli", "-c", "get", "hello")).isEqualTo("world");
    assertThat(master.cli("cluster", "nodes")).contains(":6380@16379").doesNotContain(":0@");
  }

  @Test
  void aStoppingMasterHandsOver() {
    List<Container> both = cluster();

    assertThat(both.getFirst().stop()).isZero();

    await().until(() -> both.getLast().cli("role").startsWith("master"));
    assertThat(both.getLast().cli("get", "hello")).isEqualTo("world");
    both.getFirst().start();
    await().until(() -> both.getFirst().cli("role").startsWith("slave"));
    await().until(both.getFirst()::ready);
  }

  @Test
  void theOperatorBelievesWhomItTrusts() {
    Container master = cluster().getFirst();
    try (LettuceNodes nodes = RedisServers.patientNodes()) {
      assertThat(nodes.at(endpoint(master, material)).look().stateOk()).isTrue();
      Endpoint stranger = endpoint(master, issued(Authority.create("other", now)));
      assertThatThrownBy(() -> nodes.at(stranger).look())
          .isInstanceOf(RedisUnavailableException.class);
    }
  }

  @Test
  void aRunningServerPresentsANewCertificate() {
    Container master = cluster().getFirst();
    KeyMaterial other = issued(Authority.create("other", now)).trusting(material.authorities());
    TlsHandshakes handshakes = new TlsHandshakes(Duration.ofSeconds(20));
    try (LettuceNodes nodes = RedisServers.patientNodes()) {
      assertThat(handshakes.presented(master.ip, Ports.CLIENT_TLS))
          .isEqualTo(Optional.of(material.fingerprint()));

      master.box.certificate(other);
      Map<String, String> files = new TreeMap<>(ServerTls.files());
      files.replaceAll(
          (_, path) -> path.replace("/etc/slotkeeper", master.box.path("config").toString()));
      nodes.at(endpoint(master, material)).setConfig(files);

      assertThat(handshakes.presented(master.ip, Ports.CLIENT_TLS))
          .isEqualTo(Optional.of(other.fingerprint()));
      assertThat(nodes.at(endpoint(master, other)).look().stateOk()).isTrue();
      master.box.write("config/secrets/tls.key", material.keyText());
      assertThatThrownBy(() -> nodes.at(endpoint(master, other)).setConfig(files))
          .as("what does not fit")
          .isInstanceOf(RuntimeException.class);
      assertThat(handshakes.presented(master.ip, Ports.CLIENT_TLS))
          .isEqualTo(Optional.of(other.fingerprint()));
    }
  }

  /** Servers and Sentinels find each other by TLS alone, and a client may do without. */
  @Test
  void sentinelsWatchAPrimaryWithItsReplica() {
    ResolvedSpec redis = Case.named("sentinel-tls-allowed").blueprint();
    Container primary = container(redis, "tls-shard0-0");
    Container replica = container(redis, "tls-shard0-1");
    replica.resolve("tls-shard0-0", primary.ip);
    primary.start();
    assertThat(primary.cli("replicaof", "no", "one")).isEqualTo("OK");
    replica.start();
    await().until(replica::ready);

    Sandbox box = new Sandbox(root.resolve("sentinel"), "", redis);
    box.certificate(material);
    Container sentinel = Container.sentinel(box, name, PASSWORD, "tls-sentinel-0");
    containers.add(sentinel);
    sentinel.start();
    sentinel.cli("sentinel", "monitor", "tls", primary.ip, "6380", "1");
    sentinel.cli("sentinel", "set", "tls", "auth-pass", PASSWORD);

    assertThat(replica.cli("info", "replication")).contains("master_port:6380");
    assertThat(primary.exec(Map.of(), "redis-cli", "role")).startsWith("master");
    await()
        .untilAsserted(() ->
            assertThat(sentinel.cli("sentinel", "replicas", "tls"))
                .contains(replica.ip + ":6380")
                .contains("master-link-status\nok"));
    assertThat(sentinel.cli("sentinel", "master", "tls")).contains("flags\nmaster\n");
  }
}
