package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.observe.MemberStatuses;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.Owner;
import io.slotkeeper.testing.KubernetesObjects;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is applied for a Redis of mode Standalone. */
class StandaloneObjectsTest {
  private static final String SPEC =
      """
      apiVersion: slotkeeper.io/v1alpha1
      kind: Redis
      metadata: {name: x, namespace: ns, uid: uid of x, generation: 3}
      spec:
        version: "7.0"
        mode: Standalone
        auth: {disabled: true}
        storage: {resources: {requests: {storage: 1Gi}}}
      """;

  @Test
  void theObjectsOfItsModeAreApplied() throws IOException {
    try (OneRedis one = new OneRedis(SPEC + "  standalone: {replicas: 2}")) {
      one.pass();

      assertThat(applied(one))
          .extracting(object -> object.getKind() + " " + object.getMetadata().getName())
          .containsExactlyInAnyOrder(
              "Secret x-server",
              "Secret x-binding",
              "NetworkPolicy x-bus",
              "ConfigMap x-config",
              "Service x-gvr",
              "Service x",
              "Service x-replicas",
              "PodDisruptionBudget x-shard0",
              "StatefulSet x-shard0");
    }
  }

  @Test
  void aServerIsAloneWhereNoOtherWasEverWanted() throws IOException {
    try (OneRedis one = new OneRedis(SPEC)) {
      assertThat(replicas(one)).isEqualTo("0");
    }
  }

  @Test
  void aServerIsNotAloneWhileThereIsAnotherPod() throws IOException {
    try (OneRedis one = new OneRedis(SPEC)) {
      one.addPod("x-shard0-0", "127.1.2.3");
      one.addPod("x-shard0-1", "127.1.2.4");

      assertThat(replicas(one)).isEqualTo("1");
    }
  }

  @Test
  void aServerIsNotAloneWhileAnotherPodIsAskedFor() throws IOException {
    try (OneRedis one = new OneRedis(SPEC)) {
      one.objects.add(
          new StatefulSetBuilder(KubernetesObjects.statefulSet("x-shard0", 3))
              .editMetadata()
              .withLabels(Labels.of("x", 0))
              .withOwnerReferences(Owner.of(one.redis).reference())
              .endMetadata()
              .build());

      assertThat(replicas(one)).isEqualTo("2");
    }
  }

  /** The Redis was recreated over kept volumes: the last primary may have been on any of them. */
  @Test
  void aServerIsNotAloneWhileThereIsAnotherVolume() throws IOException {
    try (OneRedis one = new OneRedis(SPEC)) {
      one.objects.add(
          new PersistentVolumeClaimBuilder(
                  KubernetesObjects.claim("data-x-shard0-3", "1Gi").build())
              .editMetadata()
              .withLabels(Labels.of("x", 0))
              .endMetadata()
              .build());

      assertThat(replicas(one)).isEqualTo("3");
    }
  }

  /** Any of them may have the newest data: they handed over to each other as they stopped. */
  @Test
  void afterAHaltEveryPodThatWasThereIsAskedFor() throws IOException {
    try (OneRedis one = new OneRedis(SPEC)) {
      one.objects.add(
          new StatefulSetBuilder(KubernetesObjects.statefulSet("x-shard0", 0))
              .editMetadata()
              .withLabels(Labels.of("x", 0))
              .withOwnerReferences(Owner.of(one.redis).reference())
              .endMetadata()
              .build());
      one.redis.setStatus(
          RedisStatus.EMPTY.withMembers(
              MemberStatuses.status(
                  Map.of(
                      "x-shard0-0", new NodeId("a".repeat(40)),
                      "x-shard0-2", new NodeId("c".repeat(40))),
                  Map.of())));
      one.pass();

      assertThat(
              applied(one).stream()
                  .filter(object -> object.getKind().equals("StatefulSet"))
                  .findFirst()
                  .orElseThrow()
                  .<Integer>get("spec", "replicas"))
          .isEqualTo(3);
    }
  }

  /** What the start script reads after a pass. */
  private static Object replicas(OneRedis one) {
    one.pass();
    return applied(one).stream()
        .filter(object -> object.getKind().equals("ConfigMap"))
        .findFirst()
        .orElseThrow()
        .get("data", "replicas");
  }

  /** As the API server was asked to create or change them. */
  private static List<GenericKubernetesResource> applied(OneRedis one) {
    return one.api.requests().stream()
        .filter(request -> List.of("POST", "PATCH").contains(request.method()))
        .filter(
            request -> !request.path().endsWith("/status") && !request.path().contains("/events"))
        .map(request -> Serialization.unmarshal(request.body(), GenericKubernetesResource.class))
        .toList();
  }
}
