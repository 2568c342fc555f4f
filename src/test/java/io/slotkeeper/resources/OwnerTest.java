package io.slotkeeper.resources;

import static io.slotkeeper.resources.Owner.Ownership.FOREIGN;
import static io.slotkeeper.resources.Owner.Ownership.FORMER;
import static io.slotkeeper.resources.Owner.Ownership.OWNED;
import static io.slotkeeper.resources.Owner.Ownership.UNOWNED;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnerTest {
  private static final Owner OWNER = new Owner("x", "uid");
  private static final OwnerReference OTHER_REDIS = new Owner("left", "left-uid").reference();
  private static final Map<String, String> LABELS = Labels.of("x", 0);

  @Test
  void whatThisRedisControlsIsOwned() {
    assertThat(OWNER.ownership(service("x", OWNER.reference()))).isEqualTo(OWNED);
  }

  @Test
  void whatHasTheLabelsAndNoOwnerIsUnowned() {
    assertThat(OWNER.ownership(service("x"))).isEqualTo(UNOWNED);
  }

  @Test
  void whatADeletedRedisOfThisNameControlsIsFormer() {
    assertThat(OWNER.ownership(service("x", new Owner("x", "old").reference()))).isEqualTo(FORMER);
  }

  @Test
  void whatAnotherControlsIsForeignWhateverItsLabels() {
    assertThat(OWNER.ownership(service("x", OTHER_REDIS))).isEqualTo(FOREIGN);
    assertThat(OWNER.ownership(service("x", controller("apps/v1", "Deployment", "x", "d"))))
        .isEqualTo(FOREIGN);
    assertThat(OWNER.ownership(service("x", controller("redis.example.com/v1", "Redis", "x", "d"))))
        .isEqualTo(FOREIGN);
  }

  @Test
  void anOwnerBesideNoControllerCounts() {
    OwnerReference loose =
        new OwnerReferenceBuilder(OTHER_REDIS).withController(false).withUid("a").build();
    OwnerReference own = new OwnerReferenceBuilder(OWNER.reference()).withController(null).build();

    assertThat(OWNER.ownership(service("x", loose))).isEqualTo(FOREIGN);
    assertThat(OWNER.ownership(service("x", own, loose))).isEqualTo(FOREIGN);
    assertThat(OWNER.ownership(service("x", own))).isEqualTo(OWNED);
  }

  @Test
  void whatHasNoLabelsOfThisRedisIsForeign() {
    var none = new ServiceBuilder().withNewMetadata().withName("x").endMetadata().build();
    var another =
        new ServiceBuilder()
            .withNewMetadata()
            .withName("x")
            .withLabels(Labels.of("y"))
            .endMetadata()
            .build();

    assertThat(OWNER.ownership(none)).isEqualTo(FOREIGN);
    assertThat(OWNER.ownership(another)).isEqualTo(FOREIGN);
  }

  @Test
  void ownedIsOnlyWhatHasItsDerivedName() {
    OwnerReference own = OWNER.reference();
    assertThat(
            Stream.of(
                service("x", own),
                service("x-gvr", own),
                service("x-replicas", own),
                new ConfigMapBuilder().withMetadata(meta("x-config", own)).build(),
                new SecretBuilder().withMetadata(meta("x-auth", own)).build(),
                new SecretBuilder().withMetadata(meta("x-server", own)).build(),
                new SecretBuilder().withMetadata(meta("x-binding", own)).build(),
                new SecretBuilder().withMetadata(meta("x-exporter", own)).build(),
                service("x-exporter", own),
                new DeploymentBuilder().withMetadata(meta("x-exporter", own)).build(),
                monitor(PodMonitor.KIND, own),
                new NetworkPolicyBuilder().withMetadata(meta("x-exporter", own)).build(),
                new NetworkPolicyBuilder().withMetadata(meta("x-bus", own)).build(),
                new PodDisruptionBudgetBuilder().withMetadata(meta("x-shard3", own)).build(),
                new StatefulSetBuilder().withMetadata(meta("x-shard999", own)).build(),
                claim("data-x-shard0-5", own)))
        .allMatch(OWNER::owns)
        .noneMatch(OWNER::isForeign);
    assertThat(
            Stream.<HasMetadata>of(
                service("x-copy", own),
                new DeploymentBuilder().withMetadata(meta("x", own)).build(),
                monitor("Probe", own),
                new ConfigMapBuilder().withMetadata(meta("x", own)).build(),
                new StatefulSetBuilder().withMetadata(meta("x-shard1000", own)).build(),
                new StatefulSetBuilder().withMetadata(meta("y-shard1", own)).build(),
                claim("data-x-shard0-0-copy", own)))
        .noneMatch(OWNER::owns)
        .allMatch(OWNER::isForeign);
  }

  private static GenericKubernetesResource monitor(String kind, OwnerReference owner) {
    GenericKubernetesResource monitor = PodMonitor.named("ns", "x");
    monitor.setKind(kind);
    monitor.setMetadata(meta("x-exporter", owner));
    return monitor;
  }

  @Test
  void aPodOfItsStatefulSetHasItsPlace() {
    assertThat(OWNER.pod(pod("x-shard2-1", set("x-shard2", "set")), List.of(shard("x-shard2"))))
        .contains(new PodName("x", 2, 1));
  }

  /** Its server runs until the garbage collector comes: overlooked, it would look dead. */
  @Test
  void aPodOfADeletedStatefulSetStillHasIt() {
    assertThat(OWNER.pod(pod("x-shard2-1", set("x-shard2", "deleted")), List.of(shard("x-shard2"))))
        .isPresent();
    assertThat(OWNER.pod(pod("x-shard2-1", set("x-shard2", "deleted")), List.of())).isPresent();
  }

  @Test
  void aPodThatLostItsStatefulSetStillHasIt() {
    assertThat(OWNER.pod(orphan("x-shard2-1", "x-shard2-1"), List.of())).isPresent();
  }

  @Test
  void aPodThatNoStatefulSetMadeHasNone() {
    assertThat(OWNER.pod(pod("x-shard2-1"), List.of(shard("x-shard2")))).isEmpty();
    assertThat(OWNER.pod(orphan("x-shard2-1", "y-shard2-1"), List.of())).isEmpty();
    assertThat(
            OWNER.pod(
                pod("x-shard2-1", controller("apps/v1", "ReplicaSet", "x-shard2", "r")), List.of()))
        .isEmpty();
    assertThat(OWNER.pod(pod("x-shard2-1", set("x-shard3", "set")), List.of())).isEmpty();
  }

  @Test
  void aPodOfSomeoneElsesStatefulSetHasNone() {
    StatefulSet taken =
        new StatefulSetBuilder(shard("x-shard2"))
            .editMetadata()
            .withOwnerReferences(controller("apps/v1", "Deployment", "web", "w"))
            .endMetadata()
            .build();

    assertThat(OWNER.pod(pod("x-shard2-1", set("x-shard2", "set")), List.of(taken))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-shard999999999-0",
        "x-shard1000-0",
        "x-shard0-6",
        "y-shard0-0",
        "xx-shard0-0",
        "x-shard0",
        "x",
        "x-shard00-0",
        "x-shard0-0-copy"
      })
  void aPodOfAnotherNameHasNone(String name) {
    assertThat(OWNER.pod(orphan(name, name), List.of())).isEmpty();
    assertThat(OWNER.pod(pod(name, set("x-shard0", "set")), List.of())).isEmpty();
  }

  @Test
  void aPodWithoutTheLabelHasNone() {
    Pod pod =
        new PodBuilder(pod("x-shard2-1", set("x-shard2", "set")))
            .editMetadata()
            .withLabels(null)
            .endMetadata()
            .build();

    assertThat(OWNER.pod(pod, List.of())).isEmpty();
  }

  @Test
  void aClaimIsKnownByItsExactName() {
    assertThat(OWNER.claim(claim("data-x-shard7-0"))).contains(new PodName("x", 7, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bak",
        "d",
        "data-",
        "data",
        "tmp",
        "data-x-shard0-0-copy",
        "copy-data-x-shard0-0",
        "data-y-shard0-0",
        "data-x-shard1000-0",
        "x-shard0-0"
      })
  void aCopyOfAClaimIsNone(String name) {
    PersistentVolumeClaim copy = claim(name);

    assertThat(OWNER.claim(copy)).isEmpty();
    assertThat(OWNER.mayChange(copy)).isFalse();
    assertThat(OWNER.isForeign(copy)).isTrue();
  }

  @Test
  void aClaimThatAnotherOwnsIsNotChanged() {
    assertThat(OWNER.mayChange(claim("data-x-shard0-0"))).isTrue();
    assertThat(OWNER.mayChange(claim("data-x-shard0-0", OWNER.reference()))).isTrue();
    assertThat(OWNER.mayChange(claim("data-x-shard0-0", OTHER_REDIS))).isFalse();
    assertThat(OWNER.mayChange(claim("data-x-shard0-0", new Owner("x", "old").reference())))
        .as("it goes with the Redis that was deleted")
        .isFalse();
  }

  @Test
  void aGeneratedSecretIsKnownByItsNameTypeAndLabels() {
    var generated =
        new SecretBuilder()
            .withMetadata(meta("x-auth"))
            .withType("kubernetes.io/basic-auth")
            .build();

    assertThat(OWNER.isGenerated(generated)).isTrue();
    assertThat(OWNER.isGenerated(new SecretBuilder(generated).withType("Opaque").build()))
        .isFalse();
    assertThat(
            OWNER.isGenerated(
                new SecretBuilder(generated).editMetadata().withLabels(null).endMetadata().build()))
        .as("an application's")
        .isFalse();
    assertThat(
            OWNER.isGenerated(
                new SecretBuilder(generated).withMetadata(meta("x-auth", OTHER_REDIS)).build()))
        .isFalse();
  }

  @Test
  void theSecretOfTheServersIsKnownByItsNameTypeAndLabels() {
    var made =
        new SecretBuilder()
            .withMetadata(meta("x-server", OWNER.reference()))
            .withType("slotkeeper.io/server")
            .build();

    assertThat(OWNER.isServerSecret(made)).isTrue();
    assertThat(OWNER.isGenerated(made)).isFalse();
    assertThat(OWNER.isServerSecret(new SecretBuilder(made).withMetadata(meta("x-server")).build()))
        .as("left by kubectl delete --cascade=orphan")
        .isTrue();
    assertThat(OWNER.isServerSecret(new SecretBuilder(made).withType("Opaque").build())).isFalse();
    assertThat(
            OWNER.isServerSecret(
                new SecretBuilder(made).withMetadata(meta("x-server", OTHER_REDIS)).build()))
        .isFalse();
  }

  @Test
  void theSecretForApplicationsIsKnownByItsNameTypeAndOwner() {
    var made =
        new SecretBuilder()
            .withMetadata(meta("x-binding", OWNER.reference()))
            .withType("servicebinding.io/redis")
            .build();
    var opaque = new SecretBuilder(made).withType("Opaque").build();
    var others = new SecretBuilder(made).withMetadata(meta("x-binding", OTHER_REDIS)).build();

    assertThat(OWNER.isBindingSecret(made)).isTrue();
    assertThat(OWNER.isStrangeBinding(made)).isFalse();
    assertThat(List.of(opaque, others))
        .noneMatch(OWNER::isBindingSecret)
        .allMatch(OWNER::isStrangeBinding);
    assertThat(
            OWNER.isStrangeBinding(
                new SecretBuilder(opaque).withMetadata(meta("x-server", OTHER_REDIS)).build()))
        .as("another name")
        .isFalse();
  }

  private static HasMetadata service(String name, OwnerReference... owners) {
    return new ServiceBuilder().withMetadata(meta(name, owners)).build();
  }

  private static PersistentVolumeClaim claim(String name, OwnerReference... owners) {
    return new PersistentVolumeClaimBuilder().withMetadata(meta(name, owners)).build();
  }

  private static Pod pod(String name, OwnerReference... owners) {
    return new PodBuilder().withMetadata(meta(name, owners)).build();
  }

  private static Pod orphan(String name, String podName) {
    return new PodBuilder(pod(name))
        .editMetadata()
        .addToLabels("statefulset.kubernetes.io/pod-name", podName)
        .endMetadata()
        .build();
  }

  private static StatefulSet shard(String name) {
    return new StatefulSetBuilder()
        .withMetadata(meta(name, OWNER.reference()))
        .editMetadata()
        .withUid("set")
        .endMetadata()
        .build();
  }

  private static OwnerReference set(String name, String uid) {
    return controller("apps/v1", "StatefulSet", name, uid);
  }

  private static OwnerReference controller(
      String apiVersion, String kind, String name, String uid) {
    return new OwnerReferenceBuilder()
        .withApiVersion(apiVersion)
        .withKind(kind)
        .withName(name)
        .withUid(uid)
        .withController(true)
        .build();
  }

  private static ObjectMeta meta(String name, OwnerReference... owners) {
    return new ObjectMetaBuilder()
        .withNamespace("ns")
        .withName(name)
        .withLabels(LABELS)
        .withOwnerReferences(owners)
        .build();
  }
}
