package io.slotkeeper.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnstartedPodsTest {

  @Test
  void thoseOfAnOlderTemplateAreReplaced() {
    assertThat(outdated(pod("Pending", "old"), shard(2, 2))).isTrue();
  }

  @Test
  void thoseOfTheNewestTemplateAreNot() {
    assertThat(outdated(pod("Pending", "new"), shard(2, 2))).isFalse();
  }

  @Test
  void thoseThatHaveStartedOnceAreNot() {
    assertThat(outdated(pod("Running", "old"), shard(2, 2))).isFalse();
    assertThat(outdated(pod("Failed", "old"), shard(2, 2))).isFalse();
  }

  @Test
  void thoseThatAreOnTheirWayOutAreNot() {
    Pod leaving =
        new PodBuilder(pod("Pending", "old"))
            .editMetadata()
            .withDeletionTimestamp("2026-01-01T00:00:00Z")
            .endMetadata()
            .build();

    assertThat(outdated(leaving, shard(2, 2))).isFalse();
  }

  @Test
  void nothingIsKnownBeforeTheControllerHasSeenTheTemplate() {
    assertThat(outdated(pod("Pending", "old"), shard(3, 2))).isFalse();
  }

  @Test
  void podsOfOthersAreNoneOfItsBusiness() {
    Pod stranger =
        new PodBuilder(pod("Pending", "old"))
            .editMetadata()
            .withOwnerReferences()
            .endMetadata()
            .build();

    assertThat(outdated(stranger, shard(2, 2))).isFalse();
  }

  private static boolean outdated(Pod pod, StatefulSet shard) {
    return UnstartedPods.outdated(List.of(pod), List.of(shard)).contains(pod);
  }

  private static Pod pod(String phase, String revision) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("a-shard0-0")
        .addToLabels("controller-revision-hash", revision)
        .addNewOwnerReference()
        .withUid("shard")
        .endOwnerReference()
        .endMetadata()
        .withNewStatus()
        .withPhase(phase)
        .endStatus()
        .build();
  }

  private static StatefulSet shard(long generation, long observed) {
    return new StatefulSetBuilder()
        .withNewMetadata()
        .withUid("shard")
        .withGeneration(generation)
        .endMetadata()
        .withNewStatus()
        .withObservedGeneration(observed)
        .withUpdateRevision("new")
        .endStatus()
        .build();
  }
}
