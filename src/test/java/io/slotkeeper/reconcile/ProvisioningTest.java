package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.slotkeeper.kubernetes.ExporterObjects;
import io.slotkeeper.kubernetes.FakeObjectApi;
import io.slotkeeper.kubernetes.ObjectApplier;
import io.slotkeeper.kubernetes.ObjectApplier.Result;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.redis.VirtualThreads;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.Owner;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProvisioningTest {
  private static final Owner OWNER = new Owner("x", "uid");

  private Instant now = Instant.EPOCH;
  private final FakeObjectApi objects = new FakeObjectApi();
  private final ObjectApplier applier = new ObjectApplier(objects, new VirtualThreads(), () -> now);
  private final Provisioning provisioning =
      new Provisioning(applier, new ExporterObjects(objects, applier, () -> now));
  private final List<HasMetadata> cached = new ArrayList<>();

  @Test
  void whatServersNeedComesFirst() {
    apply(set(2), Set.of());

    assertThat(objects.calls.subList(0, 2))
        .containsExactlyInAnyOrder("create NetworkPolicy x-bus", "create ConfigMap x-config");
    assertThat(objects.calls.subList(2, 4))
        .containsExactlyInAnyOrder("create Service x", "create StatefulSet x-shard0");
  }

  @Test
  void noServerStartsWithoutItsNetworkPolicy() {
    objects.refuse("NetworkPolicy");

    Problem problem = ObjectProblems.of(apply(set(2), Set.of())).orElseThrow();

    assertThat(objects.calls)
        .contains("create Service x")
        .noneMatch(c -> c.contains("StatefulSet"));
    assertThat(problem.reason()).isEqualTo(Reason.ObjectRefused);
    assertThat(problem.message())
        .isEqualTo(
            "The API server refuses NetworkPolicy x-bus: exceeded quota. No new pods start before that.");

    objects.accept("NetworkPolicy");
    now = now.plusSeconds(1); // a refused object rests
    assertThat(ObjectProblems.of(apply(set(2), Set.of()))).isEmpty();
    assertThat(objects.calls).contains("create StatefulSet x-shard0");
  }

  @Test
  void whatRunsIsLeftAndCanBeStopped() {
    cached.add(objects.add(set(2)));
    objects.refuse("NetworkPolicy");

    apply(set(3), Set.of());
    assertThat(objects.calls).noneMatch(call -> call.contains("StatefulSet"));

    apply(set(0), Set.of());
    assertThat(objects.calls).contains("apply StatefulSet x-shard0");
  }

  @Test
  void noPodMountsAVolumeThatIsAboutToGo() {
    List<Result> results = apply(set(2), Set.of(0));

    assertThat(objects.calls)
        .contains("create Service x")
        .noneMatch(c -> c.contains("StatefulSet"));
    assertThat(ObjectProblems.of(results).map(Problem::reason)).contains(Reason.WaitingForDeletion);
    assertThat(ObjectProblems.of(apply(set(2), Set.of(1)))).isEmpty();
  }

  @Test
  void aNameThatIsTakenIsReportedWithItsOwnerAndTheRestGoesOn() {
    objects.add(
        new ServiceBuilder()
            .withMetadata(meta("x"))
            .editMetadata()
            .withOwnerReferences(new Owner("left", "left-uid").reference())
            .endMetadata()
            .build());

    Problem problem = ObjectProblems.of(apply(set(2), Set.of())).orElseThrow();

    assertThat(problem.reason()).isEqualTo(Reason.NameTaken);
    assertThat(problem.message())
        .isEqualTo(
            "Service x is not of this Redis: its owner is Redis left. It is left alone. Give this Redis another name.");
    assertThat(objects.calls).contains("create StatefulSet x-shard0");
  }

  private List<Result> apply(StatefulSet set, Set<Integer> leaving) {
    List<HasMetadata> wanted =
        List.of(
            new ServiceBuilder().withMetadata(meta("x")).build(),
            set,
            new NetworkPolicyBuilder().withMetadata(meta("x-bus")).build(),
            new ConfigMapBuilder().withMetadata(meta("x-config")).build());
    return provisioning.apply(
        OWNER,
        wanted,
        object ->
            cached.stream()
                .filter(c -> c.getMetadata().getName().equals(object.getMetadata().getName()))
                .filter(c -> c.getKind().equals(object.getKind()))
                .findFirst(),
        leaving);
  }

  private static StatefulSet set(int pods) {
    return new StatefulSetBuilder()
        .withMetadata(meta("x-shard0"))
        .withNewSpec()
        .withReplicas(pods)
        .endSpec()
        .build();
  }

  private static ObjectMeta meta(String name) {
    return new ObjectMetaBuilder()
        .withNamespace("ns")
        .withName(name)
        .withLabels(Labels.of("x"))
        .withOwnerReferences(OWNER.reference())
        .build();
  }
}
