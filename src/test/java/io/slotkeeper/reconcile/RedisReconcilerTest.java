package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.api.Phase;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Conditions;
import io.slotkeeper.testing.FakeApiServer.Response;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A stage that fails is reported, and keeps no other from running that does not need it. */
class RedisReconcilerTest {
  private static final String SPEC =
      """
      apiVersion: slotkeeper.io/v1alpha1
      kind: Redis
      metadata: {name: x, namespace: ns, uid: uid of x, generation: 3}
      spec:
        version: "7.0"
        mode: Cluster
        storageType: Ephemeral
        auth: {disabled: true}
        cluster: {master: 1, replicas: 1}
      """;

  @Test
  void anInvalidMemoryLimitIsReportedAndTheServersAreLookedAt() throws IOException {
    for (String limit : new String[] {"1GB", "abc", "-1Gi", "1 Gi", "1,5Gi", "0"}) {
      try (OneRedis one =
          new OneRedis(
              SPEC
                  + "  podTemplate: {spec: {resources: {limits: {memory: \"%s\"}}}}"
                      .formatted(limit))) {
        one.addPod("x-shard0-0", "127.1.2.3");

        one.pass();

        assertThat(one.asked).as(limit).contains("127.1.2.3");
        Condition applied = condition(one, ConditionType.ConfigurationApplied);
        assertThat(applied.getReason()).isEqualTo("ConfigurationInvalid");
        assertThat(applied.getMessage())
            .contains("spec.podTemplate.spec.resources.limits.memory", limit);
        assertThat(one.api.requests("PATCH", "/x-config")).isEmpty();
      }
    }
  }

  @Test
  void anApiServerThatFailsToReadAConfigMapKeepsNothingFromBeingHealed() throws IOException {
    try (OneRedis one = new OneRedis(SPEC + "  configSource: {configMap: {name: mine}}")) {
      one.addPod("x-shard0-0", "127.1.2.3");
      one.api.answer(
          request -> request.is("GET", "/mine") ? Response.refusal(500, "etcd is away") : null);

      one.pass();

      assertThat(one.asked).contains("127.1.2.3");
      Condition applied = condition(one, ConditionType.ConfigurationApplied);
      assertThat(applied.getReason()).isEqualTo("ReconcileFailed");
      assertThat(applied.getMessage())
          .startsWith("Reading the ConfigMap of spec.configSource failed: etcd is away.");
    }
  }

  @Test
  void objectsThatCannotBeAppliedKeepNothingFromBeingHealed() throws IOException {
    try (OneRedis one = new OneRedis(SPEC)) {
      one.addPod("x-shard0-0", "127.1.2.3");
      one.api.answer(request ->
          request.method().equals("GET") || request.path().endsWith("/status")
              ? null
              : Response.refusal(403, "quota"));

      one.pass();

      assertThat(one.asked).contains("127.1.2.3");
      assertThat(condition(one, ConditionType.ConfigurationApplied).getReason())
          .isEqualTo("ObjectRefused");
    }
  }

  @Test
  void whatCannotBeLookedAtIsUnknownAndNotRunning() throws IOException {
    try (OneRedis one = new OneRedis(SPEC)) {
      one.addPod("x-shard0-0", "127.1.2.3");
      one.server =
          () -> {
            throw new IllegalStateException("a bug");
          };

      one.pass();

      RedisStatus status = one.status().orElseThrow();
      assertThat(status.phase()).isEqualTo(Phase.Failed);
      for (ConditionType type :
          new ConditionType[] {
            ConditionType.Ready, ConditionType.Degraded, ConditionType.SlotsCovered
          }) {
        assertThat(condition(one, type).getStatus()).isEqualTo("Unknown");
        assertThat(condition(one, type).getReason()).isEqualTo("ReconcileFailed");
      }
    }
  }

  @Test
  void aStatusThatIsNotTakenEndsNoPassAndIsWrittenAtTheNext() throws IOException {
    try (OneRedis one = new OneRedis(SPEC)) {
      one.api.answer(request ->
          request.path().endsWith("/status") ? Response.refusal(500, "etcd is away") : null);
      assertThat(one.pass().getScheduleDelay()).isPresent();
      one.api.answer(_ -> null);

      one.pass();

      assertThat(one.api.requests("PATCH", "/status")).hasSize(2);
    }
  }

  /** "Nothing of the spec is applied" is true of its size and its node timeout, too. */
  @Test
  void aSpecThatIsRefusedChangesNeitherTheSizeNorTheNodeTimeout() throws IOException {
    String larger = SPEC.replace("master: 1, replicas: 1", "master: 4, replicas: 3");
    for (String refused :
        new String[] {
          larger.replace("\"7.0\"", "none"),
          larger + "  config: {cluster-node-timeout: '9000', requirepass: x}",
          larger + "  configSource: {configMap: {name: none}}",
          larger.replace("master: 4", "master: 1000"),
        }) {
      try (OneRedis one = new OneRedis(refused)) {
        one.objects.removeIf(
            object -> object.getKind().equals("RedisVersion") && refused.contains("none\n"));
        one.redis.setStatus(formed());
        one.objects.add(shard(2));

        one.pass();

        assertThat(condition(one, ConditionType.ConfigurationApplied).getStatus())
            .as(refused)
            .isEqualTo("False");
        assertThat(one.status().orElseThrow().readyPods()).as(refused).isEqualTo("0/2");
      }
    }
  }

  /** Its data would wait on a volume for which no pod starts. */
  @Test
  void aResumedShardStartsTheLastOwnerOfItsSlotsThoughFewerReplicasAreWanted() throws IOException {
    String durable =
        SPEC.replace("Ephemeral", "Durable\n  storage: {resources: {requests: {storage: 1Gi}}}");
    try (OneRedis one = new OneRedis(durable)) {
      String id = "a".repeat(40);
      one.redis.setStatus(
          Serialization.unmarshal(
              """
              phase: Halted
              conditions: [{type: ClusterFormed, status: "True", reason: Formed, message: ""}]
              members: [{pod: x-shard0-3, id: %1$s}]
              shards: [{name: x-shard0, owner: {node: %1$s, epoch: 7, slots: 0-16383}}]
              """
                  .formatted(id),
              RedisStatus.class));
      one.objects.add(shard(0));

      one.pass();

      assertThat(one.api.requests("PATCH", "/x-shard0").getLast().body())
          .contains("\"replicas\":4");
      assertThat(one.status().orElseThrow().readyPods()).isEqualTo("0/2");
    }
  }

  /** With what it said before it would be Ready for as long as another's finalizer stays. */
  @Test
  void aDeletionThatIsHeldUpIsReportedAndNothingIsDoneMeanwhile() throws IOException {
    try (OneRedis one = new OneRedis(SPEC)) {
      one.redis.setStatus(formed());
      one.redis.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
      one.redis.getMetadata().setFinalizers(List.of("example.com/backup"));
      one.objects.add(shard(2));
      one.addPod("x-shard0-0", "127.1.2.3");

      assertThat(one.pass().getScheduleDelay()).isEmpty();

      assertThat(one.asked).isEmpty();
      assertThat(one.api.requests("PATCH", "/status")).hasSize(1);
      assertThat(one.status().orElseThrow().phase()).isEqualTo(Phase.Deleting);
      assertThat(condition(one, ConditionType.Ready).getStatus()).isEqualTo("Unknown");
      assertThat(condition(one, ConditionType.Ready).getMessage()).contains("example.com/backup");

      one.pass();

      assertThat(one.api.requests("PATCH", "/status")).hasSize(1);
    }
  }

  /** It would be formed smaller, and then made larger. */
  @Test
  void aNewRedisWaitsForTheSizeThatWasAsked() throws IOException {
    try (OneRedis one =
        new OneRedis(SPEC.replace("master: 1", "master: 4").replace("\"7.0\"", "none"))) {
      one.objects.removeIf(object -> object.getKind().equals("RedisVersion"));
      one.objects.add(shard(2));

      one.pass();

      assertThat(one.status().orElseThrow().readyPods()).isEqualTo("0/8");
    }
  }

  private static RedisStatus formed() {
    return Serialization.unmarshal(
        """
        phase: Running
        conditions: [{type: ClusterFormed, status: "True", reason: Formed, message: ""}]
        """,
        RedisStatus.class);
  }

  /** While they serve they are healed, whatever is to become of them. */
  @Test
  void serversThatCouldNotBeStoppedAreHealedAndNotReportedAsHalted() throws IOException {
    try (OneRedis one = new OneRedis(SPEC.replace("\"7.0\"", "none") + "  halted: true")) {
      one.objects.removeIf(object -> object.getKind().equals("RedisVersion"));
      one.objects.add(shard(2));
      one.addPod("x-shard0-0", "127.1.2.3");

      one.pass();

      RedisStatus status = one.status().orElseThrow();
      assertThat(status.phase()).isNotEqualTo(Phase.Halted);
      assertThat(condition(one, ConditionType.ConfigurationApplied).getReason())
          .isEqualTo("VersionNotFound");
      assertThat(condition(one, ConditionType.Ready).getReason()).isNotEqualTo("Halted");
    }
  }

  @Test
  void serversThatStopAreLeftAlone() throws IOException {
    try (OneRedis one = new OneRedis(SPEC + "  halted: true")) {
      one.objects.add(shard(2));
      one.pass();
      assertThat(one.status().orElseThrow().phase()).isEqualTo(Phase.Halted);
    }
  }

  @Test
  void theNodeTimeoutOfServersWhoseSettingsCannotBeResolvedIsKept() throws IOException {
    try (OneRedis one = new OneRedis(SPEC)) {
      one.objects.add(
          Serialization.unmarshal(
              """
              apiVersion: v1
              kind: ConfigMap
              metadata:
                name: x-config
                annotations: {slotkeeper.io/cluster-node-timeout: "15000"}
                ownerReferences: [{kind: Redis, name: x, uid: uid of x, controller: true}]
              """,
              io.fabric8.kubernetes.api.model.ConfigMap.class));

      assertThat(RunningState.nodeTimeoutMillis(one.secondary())).isEqualTo(15000);
    }
  }

  @Test
  void whatIsRefusedRestsBeforeItIsAppliedAgainAndIsReportedMeanwhile() throws IOException {
    try (OneRedis one = new OneRedis(SPEC)) {
      one.api.answer(
          request -> request.is("POST", "/configmaps") ? Response.refusal(403, "quota") : null);
      for (int second = 0; second < 60; second++) {
        one.now = one.now.plusSeconds(1);
        one.pass();
        assertThat(condition(one, ConditionType.ConfigurationApplied).getMessage())
            .contains("quota");
      }

      // After 1, 2, 4, 8, 16 and then each 30 s.
      assertThat(one.api.requests("POST", "/configmaps")).hasSizeBetween(5, 7);
    }
  }

  @Test
  void aConfigMapIsReadOnceInAFewSecondsAndHoldsWhileTheApiServerFails() throws IOException {
    try (OneRedis one = new OneRedis(SPEC + "  configSource: {configMap: {name: mine}}")) {
      one.api.answer(request ->
          request.is("GET", "/mine")
              ? new Response(200, "{\"kind\":\"ConfigMap\",\"data\":{\"redis.conf\":\"save 1 1\"}}")
              : null);
      for (int pass = 0; pass < 20; pass++) {
        one.pass();
      }
      assertThat(one.api.requests("GET", "/mine")).hasSize(1);
      one.api.answer(
          request -> request.is("GET", "/mine") ? Response.refusal(500, "etcd is away") : null);
      one.now = one.now.plusSeconds(10);

      one.pass();

      assertThat(one.api.requests("GET", "/mine")).hasSize(2);
      assertThat(condition(one, ConditionType.ConfigurationApplied).getReason())
          .isEqualTo("Applied");
    }
  }

  @Test
  void aPasswordThatIsNoTextIsRefusedWithoutItsBytes() throws IOException {
    try (OneRedis one =
        new OneRedis(SPEC.replace("auth: {disabled: true}", "auth: {secretRef: {name: mine}}"))) {
      one.api.answer(request ->
          request.is("GET", "/mine")
              ? new Response(200, "{\"kind\":\"Secret\",\"data\":{\"password\":\"//79/A==\"}}")
              : null);

      one.pass();

      Condition applied = condition(one, ConditionType.ConfigurationApplied);
      assertThat(applied.getReason()).isEqualTo("ConfigurationInvalid");
      assertThat(applied.getMessage())
          .startsWith("spec.auth.secretRef names Secret mine, whose key password is no text");
    }
  }

  /** What is known of it is what its objects say. */
  @Test
  void serversOfARedisThatCannotBeReadAreLookedAtWithTheSecretThatTheyStartedWith()
      throws IOException {
    try (OneRedis one = new OneRedis(SPEC.replace("mode: Cluster", "mode: Ring"))) {
      one.objects.add(shard(2));
      one.addPod("x-shard0-0", "127.1.2.3");

      one.pass();

      assertThat(one.asked).contains("127.1.2.3");
      Condition applied = condition(one, ConditionType.ConfigurationApplied);
      assertThat(applied.getReason()).isEqualTo("Unreadable");
      assertThat(applied.getMessage())
          .contains("spec.mode: 'Ring' is none of Cluster, Standalone, Sentinel");
      assertThat(one.api.requests("PATCH", "/x-config")).isEmpty();
    }
  }

  private static StatefulSet shard(int replicas) {
    return Serialization.unmarshal(
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: x-shard0
          namespace: ns
          uid: uid of shard
          creationTimestamp: "2025-01-01T00:00:00Z"
          labels: {slotkeeper.io/redis: x, slotkeeper.io/shard: "0"}
          ownerReferences: [{kind: Redis, name: x, uid: uid of x, controller: true}]
        spec: {replicas: %d}
        """
            .formatted(replicas),
        StatefulSet.class);
  }

  private static Condition condition(OneRedis one, ConditionType type) {
    return Conditions.find(one.status().orElseThrow().conditions(), type).orElseThrow();
  }
}
