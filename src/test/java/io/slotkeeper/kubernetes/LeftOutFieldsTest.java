package io.slotkeeper.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.slotkeeper.testing.TestCluster;
import io.slotkeeper.testing.TestCluster.TestNamespace;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an API server makes of an object that was created, and is applied with less in it. */
@Tag("kubernetes")
class LeftOutFieldsTest {
  private final KubernetesClient client = TestCluster.get().client();
  private final TestNamespace namespace = TestCluster.get().namespace("fields");
  private final LiveObjectApi objects = new LiveObjectApi(client);

  @AfterEach
  void deleteEverything() {
    namespace.close();
  }

  @Test
  void areRemoved() {
    objects.create(map(Map.of("a", "1", "b", "2")));

    objects.apply(map(Map.of("a", "1")));

    assertThat(found().getData()).containsOnlyKeys("a");
  }

  /** The operator was ended right after the create. */
  @Test
  void areRemovedWhereNothingFollowedTheCreate() {
    client.raw(
        "/api/v1/namespaces/%s/configmaps?fieldManager=slotkeeper-create"
            .formatted(namespace.name()),
        "POST",
        map(Map.of("a", "1", "b", "2", "c", "3")));

    objects.apply(map(Map.of("a", "1", "d", "4")));

    assertThat(found().getData()).containsOnlyKeys("a", "d");
    assertThat(found().getMetadata().getManagedFields())
        .singleElement()
        .returns("slotkeeper", ManagedFieldsEntry::getManager)
        .returns("Apply", ManagedFieldsEntry::getOperation);
    objects.apply(map(Map.of("a", "1")));
    assertThat(found().getData()).containsOnlyKeys("a");
  }

  private ConfigMap found() {
    return client.configMaps().inNamespace(namespace.name()).withName("map").require();
  }

  private ConfigMap map(Map<String, String> data) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(namespace.name())
        .withName("map")
        .endMetadata()
        .withData(data)
        .build();
  }
}
