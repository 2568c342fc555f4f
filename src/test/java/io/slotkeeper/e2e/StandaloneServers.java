package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.slotkeeper.resources.Labels;
import java.util.List;
import java.util.stream.Collectors;

/** What the servers and the Services of a Standalone say themselves, whatever the status says. */
record StandaloneServers(TestRedis redis) {

  /** The pod that is primary, as the status says. */
  String primary() {
    return redis.master(0);
  }

  RedisCli cli() {
    return redis.space().cli(primary());
  }

  /** A pod that is a replica in sync, as the status says. */
  String replica() {
    return redis.status().orElseThrow().shards().getFirst().replicas().getFirst();
  }

  /** A line of {@code INFO replication}. */
  String replication(String pod, String field) {
    return redis
        .space()
        .cli(pod)
        .run("info", "replication")
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  /** Waits until it has this primary. */
  StandaloneServers awaitPrimary(String pod) {
    awaitAsserted(() -> assertThat(primary()).isEqualTo(pod));
    return this;
  }

  /** All is well, by the status, the servers, the labels and the Services. */
  StandaloneServers awaitSound(int replicas) {
    redis.awaitRunning();
    awaitAsserted(() -> assertSound(replicas));
    return this;
  }

  private void assertSound(int replicas) {
    List<Pod> pods = redis.pods();
    assertThat(pods).hasSize(1 + replicas);
    Pod primary = redis.space().pod(primary());
    List<String> others = redis.podNames().stream().filter(pod -> !pod.equals(primary())).toList();
    assertThat(redis.status().orElseThrow().shards())
        .singleElement()
        .satisfies(shard -> assertThat(shard.replicas()).containsExactlyElementsOf(others));
    assertThat(replication(primary(), "role")).isEqualTo("master");
    assertThat(replication(primary(), "connected_slaves")).isEqualTo(Integer.toString(replicas));
    for (String replica : others) {
      assertThat(replication(replica, "role")).as(replica).isEqualTo("slave");
      assertThat(replication(replica, "master_link_status")).as(replica).isEqualTo("up");
      assertThat(replication(replica, "master_host"))
          .as(replica)
          .isEqualTo(primary.getStatus().getPodIP());
      assertThat(replication(replica, "master_replid"))
          .as(replica)
          .isEqualTo(replication(primary(), "master_replid"));
    }
    assertThat(pods.stream().collect(Collectors.toMap(StandaloneServers::name, this::role)))
        .allSatisfy((pod, role) ->
            assertThat(role).isEqualTo(pod.equals(primary()) ? "master" : "replica"));
    assertThat(redis.endpoints(redis.name())).containsExactly(primary());
    assertThat(redis.endpoints(redis.name() + "-replicas"))
        .containsExactlyInAnyOrderElementsOf(replicas == 0 ? List.of(primary()) : others);
  }

  private static String name(Pod pod) {
    return pod.getMetadata().getName();
  }

  private String role(Pod pod) {
    return pod.getMetadata().getLabels().getOrDefault(Labels.ROLE, "");
  }

  /** Ends the primary's process without a word: no signal that it could answer. Gives its pod. */
  String killPrimary() {
    String pod = primary();
    redis
        .space()
        .cli(pod)
        .exec(
            "sh",
            "-c",
            "kill -9 $($(command -v redis-cli || command -v valkey-cli) info server"
                + " | sed -n 's/^process_id:\\([0-9]*\\).*/\\1/p')");
    return pod;
  }
}
