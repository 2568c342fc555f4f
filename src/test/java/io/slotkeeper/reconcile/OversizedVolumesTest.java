package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.slotkeeper.api.StorageSpec;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.testing.KubernetesObjects;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OversizedVolumesTest {
  private static final StorageSpec ONE_GIGABYTE =
      new StorageSpec(
          new StorageSpec.Resources(new StorageSpec.Requests(new Quantity("1Gi"))), null, null);

  private static PersistentVolumeClaim claim(int ordinal, String size) {
    return KubernetesObjects.claim("data-x-shard0-" + ordinal, size)
        .withNewStatus()
        .withCapacity(Map.of("storage", new Quantity(size)))
        .endStatus()
        .build();
  }

  @Test
  void nothingIsReportedOfVolumesThatAreAsAskedOrStillToGrow() {
    assertThat(OversizedVolumes.of(ONE_GIGABYTE, List.of(claim(0, "1Gi"), claim(1, "512Mi"))))
        .isEmpty();
  }

  @Test
  void theClaimsAreNamedWithTheSizeToSet() {
    assertThat(OversizedVolumes.of(ONE_GIGABYTE, List.of(claim(1, "3Gi"), claim(0, "2Gi"))))
        .contains(
            new Problem(
                Reason.VolumesLarger,
                "Volumes cannot shrink to 1Gi: data-x-shard0-0, data-x-shard0-1. Set"
                    + " spec.storage.resources.requests.storage to 3Gi, which they have."));
  }

  @Test
  void manyAreCounted() {
    List<PersistentVolumeClaim> claims =
        IntStream.range(0, 9).mapToObj(ordinal -> claim(ordinal, "2Gi")).toList();

    assertThat(OversizedVolumes.of(ONE_GIGABYTE, claims).orElseThrow().message())
        .contains("data-x-shard0-2 and 6 more.");
  }
}
