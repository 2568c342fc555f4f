package io.slotkeeper.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.slotkeeper.model.PodState;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InventoryTest {

  private static StatefulSet set(long generation, long observed) {
    return new StatefulSetBuilder()
        .withNewMetadata()
        .withName("x-shard0")
        .withGeneration(generation)
        .endMetadata()
        .withNewStatus()
        .withObservedGeneration(observed)
        .withUpdateRevision("new")
        .endStatus()
        .build();
  }

  private static PersistentVolumeClaim claim(String name, String phase, @Nullable String deleted) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(name)
        .withDeletionTimestamp(deleted)
        .endMetadata()
        .withNewStatus()
        .withPhase(phase)
        .endStatus()
        .build();
  }

  private static PodState pod(@Nullable String revision) {
    return new PodState(
        "x-shard0-0",
        "uid",
        0,
        0,
        null,
        null,
        Instant.EPOCH,
        false,
        true,
        PodState.Container.RUNNING,
        null,
        "1",
        revision,
        true,
        true);
  }

  private static boolean isOutdated(String revision, StatefulSet set) {
    return Inventory.of(Map.of(0, set), Map.of()).isOutdated(pod(revision));
  }

  @Test
  void aPodOfAnotherRevisionIsOutdated() {
    assertThat(isOutdated("old", set(2, 2))).isTrue();
    assertThat(isOutdated("new", set(2, 2))).isFalse();
  }

  @Test
  void nothingIsKnownBeforeTheControllerHasSeenTheTemplate() {
    assertThat(isOutdated("old", set(3, 2))).isFalse();
  }

  @Test
  void nothingIsKnownWithoutAStatefulSet() {
    assertThat(Inventory.EMPTY.isOutdated(pod("old"))).isFalse();
  }

  @Test
  void aClaimStaysThatIsBoundAndNotDeleted() {
    assertThat(stays("Bound", null)).isTrue();
    assertThat(stays("Bound", "2026-01-01T00:00:00Z")).isFalse();
    assertThat(stays("Lost", null)).isFalse();
    assertThat(stays("Pending", null)).isFalse();
  }

  private static boolean stays(String phase, @Nullable String deleted) {
    return ClaimState.of(claim("data-a", phase, deleted)).stays();
  }
}
