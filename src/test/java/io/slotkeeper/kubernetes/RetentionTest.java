package io.slotkeeper.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.TerminationPolicy;
import io.slotkeeper.kubernetes.ObjectApplier.Effect;
import io.slotkeeper.kubernetes.ObjectApplier.Result;
import io.slotkeeper.redis.VirtualThreads;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.Owner;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetentionTest {
  private static final OwnerReference OWN = new Owner("x", "uid").reference();
  private static final OwnerReference TOOL =
      new OwnerReferenceBuilder()
          .withApiVersion("backup.example.com/v1")
          .withKind("Backup")
          .withName("nightly")
          .withUid("nightly")
          .build();

  private final FakeObjectApi objects = new FakeObjectApi();
  private final Retention retention = new Retention(objects, new VirtualThreads());

  @ParameterizedTest
  @EnumSource(TerminationPolicy.class)
  void whatGoesWithTheRedisHasItAsOwner(TerminationPolicy policy) {
    for (OwnerReference[] before : List.of(new OwnerReference[0], new OwnerReference[] {OWN})) {
      PersistentVolumeClaim claim = objects.add(claim(before));
      Secret secret = objects.add(secret(before));

      List<Result> results = retention.prepare(redis(policy), List.of(claim), Optional.of(secret));

      assertThat(results).allMatch(Result::succeeded);
      assertThat(objects.get(claim).orElseThrow().getOwnerReferenceFor("uid").isPresent())
          .isEqualTo(policy == TerminationPolicy.Delete || policy == TerminationPolicy.WipeOut);
      assertThat(objects.get(secret).orElseThrow().getOwnerReferenceFor("uid").isPresent())
          .isEqualTo(policy == TerminationPolicy.WipeOut);
    }
  }

  /** An orphaning deletion takes the owner away; to give it back would delete the volume. */
  @Test
  void whatARedisLeavesBehindDoesNotGetItAsOwner() {
    PersistentVolumeClaim claim = objects.add(claim());
    objects.leaving = true;

    List<Result> results =
        retention.prepare(redis(TerminationPolicy.Delete), List.of(claim), Optional.empty());

    assertThat(results).noneMatch(Result::succeeded);
    assertThat(objects.get(claim)).contains(claim);
  }

  @Test
  void whatIsAsItShouldBeIsNotWritten() {
    PersistentVolumeClaim claim = objects.add(claim(OWN));
    Secret secret = objects.add(secret());

    assertThat(
            retention.prepare(redis(TerminationPolicy.Delete), List.of(claim), Optional.of(secret)))
        .isEmpty();
    assertThat(objects.calls).isEmpty();
  }

  @Test
  void otherOwnersStay() {
    PersistentVolumeClaim claim = objects.add(claim(OWN, TOOL));

    retention.prepare(redis(TerminationPolicy.Pause), List.of(claim), Optional.empty());

    assertThat(objects.get(claim).orElseThrow().getMetadata().getOwnerReferences())
        .containsExactly(TOOL);
  }

  @Test
  void aClaimThatChangedMeanwhileIsLookedAtAgain() {
    PersistentVolumeClaim seen = objects.add(claim(OWN));
    objects.add(claim(OWN, TOOL));

    List<Result> results =
        retention.prepare(redis(TerminationPolicy.Pause), List.of(seen), Optional.empty());

    assertThat(results).singleElement().extracting(Result::effect).isEqualTo(Effect.CONFLICT);
    assertThat(objects.get(seen).orElseThrow().getMetadata().getOwnerReferences()).hasSize(2);
  }

  @Test
  void aRefusalIsReported() {
    PersistentVolumeClaim claim = objects.add(claim(OWN));
    objects.refuse("PersistentVolumeClaim");

    assertThat(retention.prepare(redis(TerminationPolicy.Pause), List.of(claim), Optional.empty()))
        .singleElement()
        .extracting(Result::message)
        .isEqualTo("the change of its owner: exceeded quota");
  }

  @Test
  void aClaimThatIsGoneKeepsNoPolicyFromBeingInForce() {
    PersistentVolumeClaim claim = objects.add(claim(OWN));
    objects.remove(claim);

    assertThat(retention.prepare(redis(TerminationPolicy.Pause), List.of(claim), Optional.empty()))
        .allMatch(Result::succeeded);
  }

  private static Redis redis(TerminationPolicy policy) {
    return Serialization.unmarshal(
        """
        apiVersion: slotkeeper.io/v1alpha1
        kind: Redis
        metadata: {name: x, namespace: ns, uid: uid}
        spec: {version: none, mode: Cluster, cluster: {master: 1}, terminationPolicy: %s}
        """
            .formatted(policy),
        Redis.class);
  }

  private static PersistentVolumeClaim claim(OwnerReference... owners) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withNamespace("ns")
        .withName("data-x-shard0-0")
        .withUid("claim")
        .withLabels(Labels.of("x", 0))
        .withOwnerReferences(owners)
        .endMetadata()
        .build();
  }

  private static Secret secret(OwnerReference... owners) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace("ns")
        .withName("x-auth")
        .withUid("secret")
        .withLabels(Labels.of("x"))
        .withOwnerReferences(owners)
        .endMetadata()
        .withType("kubernetes.io/basic-auth")
        .build();
  }
}
