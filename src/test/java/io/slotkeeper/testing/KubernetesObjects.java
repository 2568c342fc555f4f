package io.slotkeeper.testing;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.Map;

/** Objects as the API server has them, with as little in them as a test needs. */
public final class KubernetesObjects {

  private KubernetesObjects() {}

  public static StatefulSet statefulSet(String name, int pods) {
    return new StatefulSetBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withReplicas(pods)
        .endSpec()
        .build();
  }

  /** A claim that asks for this size, and has no volume yet. */
  public static PersistentVolumeClaimBuilder claim(String name, String size) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withNewResources()
        .withRequests(Map.of("storage", new Quantity(size)))
        .endResources()
        .endSpec();
  }
}
