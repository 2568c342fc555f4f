package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.slotkeeper.e2e.chaos.ServiceClients;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The primary goes, in every way, under the eyes of clients that know its Service alone. */
@OnCluster
class StandaloneFailoverTest {
  private final Space space;

  StandaloneFailoverTest(Space space) {
    this.space = space;
  }

  private TestRedis create(String name, int replicas) {
    TestRedis redis =
        space.create(name, "{mode: Standalone, standalone: {replicas: " + replicas + "}}");
    new StandaloneServers(redis).awaitSound(replicas);
    return redis;
  }

  @Test
  void ofAKilledPrimaryNothingIsLostThatAReplicaHad() {
    TestRedis redis = create("killed", 1);
    var servers = new StandaloneServers(redis);
    String replica = servers.replica();
    try (var clients = new ServiceClients(redis)) {

      String former = servers.killPrimary();

      servers.awaitPrimary(replica).awaitSound(1);
      clients.awaitWrites().assertNothingCopiedLost();
      assertThat(redis.events("FailoverStarted")).singleElement().asString().contains(former);
      assertThat(redis.events("FailedOver")).singleElement().asString().contains(replica);

      servers.killPrimary();
      servers.awaitPrimary(former).awaitSound(1);
      clients.awaitWrites().assertNothingCopiedLost();
    }
    redis.delete();
  }

  @Test
  void ofTwoReplicasOneFollowsTheOther() {
    TestRedis redis = create("pair", 2);
    var servers = new StandaloneServers(redis);
    try (var clients = new ServiceClients(redis)) {
      String former = servers.killPrimary();
      awaitAsserted(() -> assertThat(servers.primary()).isNotEqualTo(former));
      servers.awaitSound(2);
      clients.awaitWrites().assertNothingCopiedLost();
      assertThat(redis.cli(0, 0).run("info", "stats")).contains("sync_full:");
    }
    redis.delete();
  }

  @Test
  void aDeletedPrimaryHandsOverAndLosesNothing() {
    TestRedis redis = create("deleted", 1);
    var servers = new StandaloneServers(redis);
    String replica = servers.replica();
    try (var clients = new ServiceClients(redis)) {

      space.kubectl("delete", "pod", servers.primary()).orFail();

      servers.awaitPrimary(replica).awaitSound(1);
      clients.awaitWrites().assertNothingLost();
      assertThat(redis.events("FailoverStarted")).as("it was no failure").isEmpty();
      assertThat(redis.events("FailedOver")).singleElement().asString().contains(replica);
    }
    redis.delete();
  }

  @Test
  void allPodsAtOnceComeBackWithTheirData() {
    TestRedis redis = create("outage", 2);
    var servers = new StandaloneServers(redis);
    List<String> before = uids(redis);
    try (var clients = new ServiceClients(redis)) {

      space
          .kubectl(
              "delete", "pods", "-l", "slotkeeper.io/redis=outage", "--grace-period=0", "--force")
          .orFail();

      awaitAsserted(() -> assertThat(uids(redis)).hasSize(3).doesNotContainAnyElementsOf(before));
      servers.awaitSound(2);
      clients.awaitWrites().assertNothingCopiedLost();
    }
    redis.delete();
  }

  @Test
  void aPrimaryAloneComesBackWithItsData() {
    TestRedis redis = create("alone", 0);
    var servers = new StandaloneServers(redis);
    servers.cli().run("set", "key", "value");

    servers.killPrimary();
    awaitAsserted(() -> assertThat(servers.cli().run("get", "key")).isEqualTo("value"));
    servers.awaitSound(0);

    List<String> before = uids(redis);
    space.kubectl("delete", "pod", redis.pod(0, 0)).orFail();
    awaitAsserted(() -> assertThat(uids(redis)).hasSize(1).doesNotContainAnyElementsOf(before));
    servers.awaitSound(0);
    assertThat(servers.cli().run("get", "key")).isEqualTo("value");
    assertThat(redis.events("FailoverStarted")).isEmpty();
    redis.delete();
  }

  @Test
  void aChangedTemplateReplacesOnePodAfterTheOtherAndLosesNothing() {
    TestRedis redis = create("rolled", 1);
    var servers = new StandaloneServers(redis);
    List<String> before = uids(redis);
    try (var clients = new ServiceClients(redis)) {

      redis.patch("podTemplate: {metadata: {annotations: {team: blue}}}");

      awaitAsserted(() ->
          assertThat(redis.pods())
              .hasSize(2)
              .allSatisfy(pod ->
                  assertThat(pod.getMetadata().getAnnotations()).containsEntry("team", "blue")));
      servers.awaitSound(1);
      assertThat(uids(redis)).doesNotContainAnyElementsOf(before);
      clients.awaitWrites().assertNothingLost();
      assertThat(redis.events("FailoverStarted")).as("nothing failed").isEmpty();
    }
    redis.delete();
  }

  private List<String> uids(TestRedis redis) {
    return redis.pods().stream().map((Pod pod) -> pod.getMetadata().getUid()).toList();
  }
}
