package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.slotkeeper.testing.KubernetesObjects;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request is withdrawn as long as no volume grew; what grew is left alone. */
class VolumeSizeTest {

  @ParameterizedTest(name = "request {0}, capacity {1}, wish {2}: asks for {3}")
  @CsvSource({
    "1Gi, 1Gi, 1Gi, 1Gi",
    "1Gi, 1Gi, 2Gi, 2Gi",
    // Without a volume no change is taken.
    "1Gi,, 2Gi, 1Gi",
    "2Gi,, 1Gi, 2Gi",
    // A class that cannot expand never took the request, so there is nothing to withdraw.
    "64Mi, 64Mi, 64Mi, 64Mi",
    // Too much was asked for, and the provisioner could not do it.
    "10Ti, 1Gi, 2Gi, 2Gi",
    "10Ti, 1Gi, 1Gi, 1Gi",
    // It has grown, by this operator or by hand: what it asks for now stays.
    "2Gi, 2Gi, 1Gi, 2Gi",
    "3Gi, 2Gi, 1Gi, 3Gi",
    "1024Mi, 1Gi, 1Gi, 1Gi",
    // A provisioner that rounds up has not grown anything.
    "64Mi, 1Gi, 64Mi, 64Mi",
    "64Mi, 1Gi, 128Mi, 128Mi",
    "128Mi, 1Gi, 64Mi, 128Mi",
  })
  void asksFor(String request, String capacity, String wish, String asked) {
    PersistentVolumeClaim existing = claim(request);
    if (capacity != null) {
      existing.getSpec().setVolumeName("pv");
      existing.setStatus(new PersistentVolumeClaimStatus());
      existing.getStatus().setCapacity(Map.of("storage", new Quantity(capacity)));
    }

    PersistentVolumeClaim applied = VolumeSize.over(existing, claim(wish));

    assertThat(VolumeSize.requested(applied)).contains(new Quantity(asked));
  }

  private static PersistentVolumeClaim claim(String size) {
    return KubernetesObjects.claim("data-x-shard0-0", size).build();
  }
}
