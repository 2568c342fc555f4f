package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.slotkeeper.kubernetes.ObjectApplier.Effect;
import io.slotkeeper.kubernetes.ObjectApplier.Result;
import io.slotkeeper.testing.KubernetesObjects;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PendingChangesTest {

  private static StatefulSet set(long generation, long observed) {
    return new StatefulSetBuilder()
        .withNewMetadata()
        .withName("x-shard0")
        .withGeneration(generation)
        .endMetadata()
        .withNewStatus()
        .withObservedGeneration(observed)
        .endStatus()
        .build();
  }

  private static PersistentVolumeClaim claim(String asked, String there) {
    return KubernetesObjects.claim("data-x-shard0-0", asked)
        .withNewStatus()
        .withCapacity(Map.of("storage", new Quantity(there)))
        .endStatus()
        .build();
  }

  @Test
  void nothingWhereEverythingIsSeen() {
    Result unchanged = new Result(set(2, 2), Effect.APPLIED, false, null);
    assertThat(
            PendingChanges.of(List.of(unchanged), List.of(set(2, 2)), List.of(claim("1Gi", "1Gi"))))
        .isEmpty();
    assertThat(PendingChanges.of(List.of(), List.of(), List.of(claim("1Gi", "2Gi")))).isEmpty();
  }

  @Test
  void whatHasJustBeenApplied() {
    assertThat(
            PendingChanges.of(
                List.of(new Result(set(2, 2), Effect.APPLIED, true, null)), List.of(), List.of()))
        .containsExactly("Just changed: StatefulSet x-shard0.");
    Result refused = new Result(set(2, 2), Effect.REFUSED, false, "no");
    assertThat(PendingChanges.of(List.of(refused), List.of(), List.of())).isEmpty();
  }

  @Test
  void whatItsControllerHasNotSeen() {
    assertThat(PendingChanges.of(List.of(), List.of(set(3, 2)), List.of()))
        .singleElement()
        .asString()
        .contains("StatefulSet x-shard0");
    StatefulSet fresh = new StatefulSetBuilder(set(1, 0)).withStatus(null).build();
    assertThat(PendingChanges.of(List.of(), List.of(fresh), List.of())).hasSize(1);
  }

  @Test
  void volumesThatGrow() {
    assertThat(PendingChanges.of(List.of(), List.of(), List.of(claim("128Mi", "64Mi"))))
        .containsExactly("Volumes grow: data-x-shard0-0 (64Mi, asked for 128Mi).");
  }

  @Test
  void whyAVolumeDoesNotGrow() {
    PersistentVolumeClaim stuck =
        new PersistentVolumeClaimBuilder(claim("128Mi", "64Mi"))
            .editStatus()
            .addNewCondition()
            .withType("ControllerResizeError")
            .withStatus("True")
            .withMessage("the backend is full")
            .endCondition()
            .endStatus()
            .build();
    assertThat(PendingChanges.of(List.of(), List.of(), List.of(stuck)))
        .singleElement()
        .asString()
        .contains("the backend is full");
  }

  @Test
  void aClaimThatIsNotBoundYetDoesNotGrow() {
    PersistentVolumeClaim unbound =
        new PersistentVolumeClaimBuilder(claim("1Gi", "1Gi"))
            .editStatus()
            .withCapacity(Map.of())
            .endStatus()
            .build();
    assertThat(PendingChanges.of(List.of(), List.of(), List.of(unbound))).isEmpty();
  }
}
