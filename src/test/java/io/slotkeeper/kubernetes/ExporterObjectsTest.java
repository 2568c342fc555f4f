package io.slotkeeper.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.slotkeeper.redis.VirtualThreads;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.Owner;
import io.slotkeeper.resources.PodMonitor;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExporterObjectsTest {
  private static final Owner OWNER = new Owner("x", "uid");

  private Instant now = Instant.EPOCH;
  private final FakeObjectApi api = new FakeObjectApi();
  private final ExporterObjects exporters =
      new ExporterObjects(api, new ObjectApplier(api, new VirtualThreads(), () -> now), () -> now);

  private static ObjectMeta metadata(Owner owner) {
    return new ObjectMetaBuilder()
        .withNamespace("ns")
        .withName("x-exporter")
        .withLabels(Labels.ofExporter("x"))
        .withOwnerReferences(owner.reference())
        .build();
  }

  private static GenericKubernetesResource monitor(Owner owner) {
    GenericKubernetesResource monitor = PodMonitor.named("ns", "x");
    monitor.setMetadata(metadata(owner));
    return monitor;
  }

  private static Secret secret(String type) {
    return new SecretBuilder()
        .withMetadata(metadata(OWNER))
        .withType(type)
        .withData(Map.of("passwords.json", "e30="))
        .build();
  }

  private List<HasMetadata> watched() {
    return List.of(
        api.add(new ServiceBuilder().withMetadata(metadata(OWNER)).build()),
        api.add(new DeploymentBuilder().withMetadata(metadata(OWNER)).build()));
  }

  /** Looking for the kind, and for the object, costs one request a minute each. */
  @Test
  void aPodMonitorIsAppliedOnceAndLookedAtOnceAMinute() {
    api.served = true;
    for (int i = 0; i < 5; i++) {
      exporters.apply(OWNER, List.of(monitor(OWNER)));
    }
    assertThat(api.calls)
        .containsExactly(
            "discover PodMonitor",
            "get PodMonitor x-exporter",
            "create PodMonitor x-exporter",
            "get PodMonitor x-exporter");

    now = now.plusSeconds(61);
    exporters.apply(OWNER, List.of(monitor(OWNER)));
    assertThat(api.calls.subList(4, 6))
        .containsExactly("discover PodMonitor", "get PodMonitor x-exporter");
    assertThat(api.calls).hasSize(6);
  }

  @Test
  void aPodMonitorOfOthersIsLeftAlone() {
    api.served = true;
    api.add(monitor(new Owner("other", "other")));

    assertThat(exporters.apply(OWNER, List.of(monitor(OWNER))))
        .singleElement()
        .returns(ObjectApplier.Effect.NAME_TAKEN, ObjectApplier.Result::effect);

    exporters.remove(OWNER, watched());
    assertThat(api.calls).doesNotContain("delete PodMonitor x-exporter");
  }

  @Test
  void theDeploymentGoesLastAndTheSecretHasNoPasswordAnyMore() {
    api.served = true;
    api.add(monitor(OWNER));
    api.add(secret("slotkeeper.io/exporter"));

    exporters.remove(OWNER, watched());

    assertThat(api.calls)
        .filteredOn(call -> !call.startsWith("get"))
        .containsExactly(
            "discover PodMonitor",
            "delete PodMonitor x-exporter",
            "apply Secret x-exporter",
            "delete Service x-exporter",
            "delete Deployment x-exporter");
    assertThat(api.get(secret("any")).orElseThrow().getData()).isNullOrEmpty();
  }

  @Test
  void aSecretOfAnotherTypeIsNotOurs() {
    api.add(secret("Opaque"));

    exporters.remove(OWNER, watched());

    assertThat(api.calls).doesNotContain("apply Secret x-exporter");
  }

  @Test
  void whereNothingIsThereNothingIsAsked() {
    exporters.remove(OWNER, List.of());
    exporters.apply(OWNER, List.of());

    assertThat(api.calls).isEmpty();
  }
}
