package io.slotkeeper.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.TaintBuilder;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.Owner;
import org.junit.jupiter.api.Test;

class TrimmingItemStoreTest {

  @Test
  void aMachineIsTheSameWithoutItsImages() {
    Node node =
        new NodeBuilder()
            .withNewMetadata()
            .withName("n")
            .withCreationTimestamp("2026-01-01T00:00:00Z")
            .addToLabels("zone", "a")
            .endMetadata()
            .withNewSpec()
            .withTaints(new TaintBuilder().withKey("k").withEffect("NoSchedule").build())
            .endSpec()
            .withNewStatus()
            .withConditions(
                new NodeConditionBuilder()
                    .withType("Ready")
                    .withStatus("True")
                    .withLastTransitionTime("2026-01-02T00:00:00Z")
                    .build())
            .addNewImage()
            .withNames("an image")
            .endImage()
            .endStatus()
            .build();
    var before = NodeStateReader.of(node);
    TrimmingItemStore<Node> store = new TrimmingItemStore<>();

    store.put("n", node);

    Node kept = store.get("n");
    assertThat(NodeStateReader.of(kept)).isEqualTo(before);
    assertThat(kept.getStatus().getImages()).isEmpty();
  }

  @Test
  void ofConfigMapsOnlyTheFilesOfARedisAreKept() {
    ConfigMap own =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName("x-config")
            .withLabels(Labels.of("x"))
            .withOwnerReferences(new Owner("x", "uid").reference())
            .endMetadata()
            .addToData("redis.conf", "port 6379")
            .build();
    ConfigMap labelled =
        new ConfigMapBuilder(own).editMetadata().withName("large").endMetadata().build();
    ConfigMap unowned =
        new ConfigMapBuilder(own)
            .editMetadata()
            .withOwnerReferences()
            .endMetadata()
            .addToBinaryData("b", "AAAA")
            .build();
    TrimmingItemStore<ConfigMap> store = new TrimmingItemStore<>();

    store.put("own", own);
    store.put("labelled", labelled);
    store.put("unowned", unowned);

    assertThat(store.get("own").getData()).containsKey("redis.conf");
    assertThat(store.get("labelled").getData()).isEmpty();
    assertThat(store.get("unowned").getData()).isEmpty();
    assertThat(store.get("unowned").getBinaryData()).isEmpty();
  }

  @Test
  void managedFieldsAreNotKept() {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("p")
            .withManagedFields(new ManagedFieldsEntry())
            .endMetadata()
            .build();
    TrimmingItemStore<Pod> store = new TrimmingItemStore<>();

    store.put("p", pod);

    assertThat(store.get("p").getMetadata().getManagedFields()).isEmpty();
  }
}
