package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.slotkeeper.api.StorageSpec;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.resources.VolumeSize;
import io.slotkeeper.testing.KubernetesObjects;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UnboundVolumesTest {
  private static final StorageSpec ONE_GIGABYTE =
      new StorageSpec(
          new StorageSpec.Resources(new StorageSpec.Requests(new Quantity("1Gi"))), null, null);

  private static PersistentVolumeClaim claim(int ordinal, String size, @Nullable String volume) {
    return KubernetesObjects.claim("data-x-shard0-" + ordinal, size)
        .editSpec()
        .withVolumeName(volume)
        .endSpec()
        .build();
  }

  @Test
  void nothingIsReportedOfClaimsThatAskForTheSameOrHaveAVolume() {
    assertThat(
            UnboundVolumes.of(
                ONE_GIGABYTE, List.of(claim(0, "1024Mi", null), claim(1, "9Gi", "pv"))))
        .isEmpty();
  }

  @Test
  void beforeThereIsAnyVolumeTheResourceMayBeDeleted() {
    assertThat(
            UnboundVolumes.of(ONE_GIGABYTE, List.of(claim(1, "9Ti", null), claim(0, "9Ti", null))))
        .contains(
            new Problem(
                Reason.VolumesMissing,
                "Claim data-x-shard0-0 (and 1 more) waits for a volume of 9Ti, and asks for that"
                    + " until it has one. No volume was ever made, so no data is lost: delete this"
                    + " resource and create it again."));
  }

  @Test
  void withAVolumeThatMayHaveDataTheResourceIsNotToBeDeleted() {
    String message =
        UnboundVolumes.of(ONE_GIGABYTE, List.of(claim(0, "9Ti", "pv"), claim(1, "9Ti", null)))
            .orElseThrow()
            .message();

    assertThat(message).contains("back to 9Ti").doesNotContain("delete");
  }

  /** The API server would refuse the object, again and again. */
  @Test
  void aClaimWithoutAVolumeKeepsWhatItAsksFor() {
    PersistentVolumeClaim wanted = claim(0, "1Gi", null);

    for (String size : new String[] {"9Ti", "512Mi"}) {
      PersistentVolumeClaim kept = VolumeSize.over(claim(0, size, null), wanted);
      assertThat(VolumeSize.requested(kept)).contains(new Quantity(size));
    }
  }
}
