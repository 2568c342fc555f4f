package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.slotkeeper.resources.Labels;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the Sentinels of a Redis say themselves, whatever the status says. */
record SentinelServers(TestRedis redis, String masterName) {

  SentinelServers(TestRedis redis) {
    this(redis, redis.name());
  }

  StandaloneServers servers() {
    return new StandaloneServers(redis);
  }

  /** By name, those that are being deleted left out. */
  List<Pod> pods() {
    return redis
        .space()
        .client()
        .pods()
        .inNamespace(redis.space().name())
        .withLabels(Labels.sentinels(redis.name()))
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
        .toList();
  }

  List<String> uids() {
    return pods().stream().map(pod -> pod.getMetadata().getUid()).toList();
  }

  /** What a Sentinel answers, asked from the first server's pod. */
  String ask(String host, String... command) {
    String[] words = new String[command.length + 5];
    System.arraycopy(new String[] {"-h", host, "-p", "26379", "sentinel"}, 0, words, 0, 5);
    System.arraycopy(command, 0, words, 5, command.length);
    return redis.space().cli(redis.podNames().getFirst()).run(words);
  }

  /** The fields of {@code SENTINEL MASTER}. */
  Map<String, String> master(Pod sentinel) {
    List<String> lines =
        ask(sentinel.getStatus().getPodIP(), "master", masterName).lines().toList();
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 0; i + 1 < lines.size(); i += 2) {
      fields.put(lines.get(i), lines.get(i + 1));
    }
    return fields;
  }

  /**
   * The servers are sound, and each Sentinel knows the primary and all others, and nothing else.
   */
  SentinelServers awaitSound(int replicas, int sentinels) {
    servers().awaitSound(replicas);
    awaitAsserted(() -> {
      String primary = redis.space().pod(servers().primary()).getStatus().getPodIP();
      List<Pod> pods = pods();
      assertThat(pods).hasSize(sentinels);
      for (Pod pod : pods) {
        assertThat(master(pod))
            .as(pod.getMetadata().getName())
            .containsEntry("ip", primary)
            .containsEntry("port", "6379")
            .containsEntry("flags", "master")
            .containsEntry("num-slaves", Integer.toString(replicas))
            .containsEntry("num-other-sentinels", Integer.toString(sentinels - 1));
      }
      assertThat(ask(redis.name() + "-sentinel", "get-master-addr-by-name", masterName))
          .isEqualTo(primary + "\n6379");
    });
    return this;
  }
}
