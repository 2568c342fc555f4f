package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.slotkeeper.e2e.chaos.ServiceClients;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A primary with replicas and Sentinels. */
@OnCluster
class SentinelTest {
  private final Space space;

  SentinelTest(Space space) {
    this.space = space;
  }

  private SentinelServers create(String name) {
    return new SentinelServers(space.create(name, "{mode: Sentinel}")).awaitSound(1, 3);
  }

  @Test
  void sentinelsTellWhichServerIsPrimary() {
    SentinelServers all = create("watched");

    assertThat(space.kubectl("describe", "rd", "watched").orFail())
        .contains("3 of 3 Sentinels name the primary of master name watched.")
        .doesNotContain("Warning ");
    assertThat(space.kubectl("get", "rd").orFail().lines().toList().getLast().split(" +"))
        .startsWith("watched", "Sentinel", "7.0", "1", "2/2", "Running");
    for (Pod sentinel : all.pods()) {
      assertThat(all.master(sentinel))
          .containsEntry("quorum", "2")
          .containsEntry("down-after-milliseconds", "5000");
    }
    assertThat(
            all.redis()
                .cli(0, 0)
                .exec("sh", "-c", "REDISCLI_AUTH= redis-cli -h watched-sentinel -p 26379 ping"))
        .startsWith("NOAUTH");
    all.redis().delete();
    awaitAsserted(() -> assertThat(all.pods()).isEmpty());
  }

  @Test
  void aKilledPrimaryIsReplacedEverywhere() {
    SentinelServers all = create("killed");
    String replica = all.servers().replica();
    try (var clients = new ServiceClients(all.redis())) {

      all.servers().killPrimary();

      all.servers().awaitPrimary(replica);
      all.awaitSound(1, 3);
      clients.awaitWrites().assertNothingCopiedLost();
    }
    all.redis().delete();
  }

  @Test
  void aDeletedPrimaryHandsOverAndLosesNothing() {
    SentinelServers all = create("deleted");
    String replica = all.servers().replica();
    try (var clients = new ServiceClients(all.redis())) {

      space.kubectl("delete", "pod", all.servers().primary()).orFail();

      all.servers().awaitPrimary(replica);
      all.awaitSound(1, 3);
      clients.awaitWrites().assertNothingLost();
      assertThat(all.redis().events("FailoverStarted")).as("it was no failure").isEmpty();
    }
    all.redis().delete();
  }

  @Test
  void whatSentinelsElectIsTakenOver() {
    SentinelServers all = create("silent");
    String former = all.servers().primary();
    String replica = all.servers().replica();
    signal(former, "STOP"); // silence is no proof of death: only Sentinels act on it

    all.servers().awaitPrimary(replica);
    awaitAsserted(() -> assertThat(all.redis().endpoints("silent")).containsExactly(replica));

    signal(former, "CONT");
    all.awaitSound(1, 3);
    assertThat(all.servers().primary()).isEqualTo(replica);
    all.redis().delete();
  }

  /** To the server alone: what runs in its container beside it must go on. */
  private void signal(String pod, String signal) {
    String server = "$(grep -ls '^redis-server$' /proc/[0-9]*/comm | sed 's/[^0-9]//g')";
    assertThat(space.cli(pod).exec("sh", "-c", "kill -" + signal + " " + server)).isEmpty();
  }

  @Test
  void allPodsAtOnceComeBack() {
    SentinelServers all = create("outage");
    List<String> before = all.uids();
    all.servers().cli().run("set", "key", "value");

    space
        .kubectl(
            "delete", "pods", "-l", "slotkeeper.io/redis=outage", "--grace-period=0", "--force")
        .orFail();

    awaitAsserted(() -> assertThat(all.uids()).hasSize(3).doesNotContainAnyElementsOf(before));
    all.awaitSound(1, 3);
    assertThat(all.servers().cli().run("get", "key")).isEqualTo("value");
    all.redis().delete();
  }

  @Test
  void sentinelsComeAndGoWhileTheServersRun() {
    TestRedis redis = space.create("later", "{mode: Standalone, standalone: {replicas: 1}}");
    new StandaloneServers(redis).awaitSound(1);
    List<String> before = redis.pods().stream().map(p -> p.getMetadata().getUid()).toList();

    redis.patch("{mode: Sentinel, standalone: null, sentinel: {replicas: 1}}");
    SentinelServers all = new SentinelServers(redis).awaitSound(1, 3);

    redis.patch("sentinel: {sentinels: 5, quorum: 4, config: {down-after-milliseconds: '2000'}}");
    all.awaitSound(1, 5);
    awaitAsserted(() ->
        assertThat(all.master(all.pods().getFirst()))
            .containsEntry("quorum", "4")
            .containsEntry("down-after-milliseconds", "2000"));
    redis.patch("sentinel: {sentinels: 4, quorum: null, masterName: orders}");
    redis.awaitCondition(ConditionType.ConfigurationWarning, true, Reason.EvenSentinels);
    new SentinelServers(redis, "orders").awaitSound(1, 4);
    assertThat(all.ask("later-sentinel", "masters")).doesNotContain("later");

    redis.patch("{mode: Standalone, sentinel: null, standalone: {replicas: 1}}");
    awaitAsserted(() -> assertThat(all.pods()).isEmpty());
    awaitAsserted(() ->
        assertThat(space.kubectl("get", "all,pdb").orFail()).doesNotContain("later-sentinel"));
    new StandaloneServers(redis).awaitSound(1);
    assertThat(redis.pods().stream().map(p -> p.getMetadata().getUid()).toList())
        .as("the servers never stopped")
        .isEqualTo(before);
    redis.delete();
  }
}
