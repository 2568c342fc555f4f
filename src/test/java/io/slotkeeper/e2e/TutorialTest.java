package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The tutorial, step by step, with the commands as they are typed. */
@OnCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TutorialTest {
  private final Space space;
  private final TestRedis redis;

  TutorialTest(Space space) {
    this.space = space;
    this.redis = new TestRedis(space, "redis-cluster");
  }

  @BeforeAll
  void applyTheExample(@TempDir Path directory) throws IOException {
    String example = Files.readString(Path.of("examples/cluster/redis.yaml"));
    Path file = directory.resolve("redis.yaml");
    Files.writeString(file, example.replace("namespace: demo", "namespace: " + space.name()));

    assertThat(space.kubectl("apply", "-f", file.toString()).orFail())
        .isEqualTo("redis.slotkeeper.io/redis-cluster created\n");
    space.kubectl("wait", "--for=condition=Ready", "rd/redis-cluster", "--timeout=180s").orFail();
  }

  @Test
  @Order(1)
  void namesAreAsPromised() {
    var client = space.client();
    assertThat(names(client.apps().statefulSets().inNamespace(space.name()).list().getItems()))
        .containsExactlyInAnyOrder(
            "redis-cluster-shard0", "redis-cluster-shard1", "redis-cluster-shard2");
    assertThat(redis.podNames())
        .containsExactly(
            "redis-cluster-shard0-0",
            "redis-cluster-shard0-1",
            "redis-cluster-shard1-0",
            "redis-cluster-shard1-1",
            "redis-cluster-shard2-0",
            "redis-cluster-shard2-1");
    assertThat(names(client.persistentVolumeClaims().inNamespace(space.name()).list().getItems()))
        .containsExactlyInAnyOrderElementsOf(
            redis.podNames().stream().map(pod -> "data-" + pod).toList());
    assertThat(names(client.services().inNamespace(space.name()).list().getItems()))
        .containsExactlyInAnyOrder("redis-cluster", "redis-cluster-gvr");
    assertThat(names(client.secrets().inNamespace(space.name()).list().getItems()))
        .containsExactlyInAnyOrder(
            "redis-cluster-auth", "redis-cluster-server", "redis-cluster-binding");
    assertThat(redis.pods().getFirst().getSpec().getContainers())
        .extracting("name")
        .containsExactly("redis");
  }

  @Test
  @Order(2)
  void oneLineTellsHowItIs() {
    redis.awaitRunning();

    // The kubelet looks at the last pod's readiness a little later than the operator at its server.
    awaitAsserted(() ->
        assertThat(space.kubectl("get", "rd").orFail().lines().toList().getLast().split(" +"))
            .startsWith("redis-cluster", "Cluster", "7.0", "3", "6/6", "Running"));
    assertThat(redis.events("Created")).singleElement().asString().contains("StatefulSet");
    assertThat(redis.events("ClusterFormed")).hasSize(1);
    assertThat(redis.events("Ready")).hasSize(1);
  }

  @Test
  @Order(3)
  void everyServerServesEveryKeyWithoutAPasswordTyped() {
    redis.assertSound(3, 1);
    assertThat(redisCli("redis-cluster-shard0-0", "cluster", "nodes").lines()).hasSize(6);
    assertThat(redisCli("redis-cluster-shard0-0", "set", "hello", "world").strip()).isEqualTo("OK");
    for (String pod : redis.podNames()) {
      assertThat(redisCli(pod, "get", "hello").strip()).as(pod).isEqualTo("world");
    }
  }

  @Test
  @Order(4)
  void replicasAreOnOtherMachinesThanTheirMasters() {
    for (int shard = 0; shard < 3; shard++) {
      assertThat(space.pod(redis.pod(shard, 0)).getSpec().getNodeName())
          .isNotEqualTo(space.pod(redis.pod(shard, 1)).getSpec().getNodeName());
    }
  }

  @Test
  @Order(5)
  void crashOfAMasterMakesItsReplicaMaster() {
    String old = redis.master(0);
    String successor = old.equals(redis.pod(0, 0)) ? redis.pod(0, 1) : redis.pod(0, 0);

    redisCli(old, "debug", "segfault");

    awaitAsserted(() -> assertThat(redis.master(0)).isEqualTo(successor));
    redis.awaitRunning().assertSound(3, 1);
    assertThat(space.cli(old).self().master()).isEqualTo(space.cli(successor).self().id());
    assertThat(redisCli(old, "get", "hello").strip()).isEqualTo("world");
    assertThat(redis.events("FailedOver")).singleElement().asString().contains(successor);
  }

  @Test
  @Order(6)
  void checkFindsAllSlotsCovered() {
    String check =
        space
            .kubectl(
                "exec",
                "redis-cluster-shard0-0",
                "-c",
                "redis",
                "--",
                "redis-cli",
                "--cluster",
                "check",
                "127.0.0.1:6379")
            .orFail();

    assertThat(check)
        .contains(
            "[OK] All nodes agree about slots configuration.", "[OK] All 16384 slots covered.");
  }

  @Test
  @Order(7)
  void wipeOutLeavesNothing() {
    space
        .kubectl(
            "patch",
            "rd",
            "redis-cluster",
            "--type=merge",
            "-p",
            "{\"spec\":{\"terminationPolicy\":\"WipeOut\"}}")
        .orFail();
    redis.awaitRunning();

    space.kubectl("delete", "rd", "redis-cluster").orFail();

    awaitAsserted(() ->
        assertThat(
                space
                    .kubectl(
                        "get",
                        "rd,sts,pods,pvc,svc,secrets,pdb,netpol,cm",
                        "-o",
                        "name",
                        "-l",
                        "slotkeeper.io/redis=redis-cluster")
                    .orFail())
            .isEmpty());
    assertThat(space.kubectl("get", "rd,sts,pods,pvc,svc,secrets", "-o", "name").orFail())
        .isEmpty();
  }

  private String redisCli(String pod, String... arguments) {
    List<String> command =
        new java.util.ArrayList<>(List.of("exec", pod, "-c", "redis", "--", "redis-cli", "-c"));
    command.addAll(List.of(arguments));
    return space.kubectl(command.toArray(String[]::new)).output();
  }

  private static List<String> names(List<? extends HasMetadata> objects) {
    return objects.stream().map(object -> object.getMetadata().getName()).toList();
  }
}
