package io.slotkeeper.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MissingPodsTest {
  private static final String CREATED = "2026-01-01T00:00:00Z";
  private static final Instant SOON = Instant.parse("2026-01-01T00:00:03Z");
  private static final Instant LATER = Instant.parse("2026-01-01T00:00:30Z");

  @Test
  void aControllerIsRemindedOfAPodThatDoesNotCome() {
    assertThat(MissingPods.lacking(pods("x-0"), List.of(shard(2)), LATER)).hasSize(1);
  }

  @Test
  void notBeforeItHasHadTheTime() {
    assertThat(MissingPods.lacking(pods("x-0"), List.of(shard(2)), SOON)).isEmpty();
  }

  @Test
  void notAgainAtOnce() {
    StatefulSet reminded =
        new StatefulSetBuilder(shard(2))
            .editMetadata()
            .addToAnnotations(MissingPods.REMINDED, "2026-01-01T00:00:28Z")
            .endMetadata()
            .build();

    assertThat(MissingPods.lacking(pods("x-0"), List.of(reminded), LATER)).isEmpty();
    assertThat(MissingPods.lacking(pods("x-0"), List.of(reminded), LATER.plusSeconds(9)))
        .hasSize(1);
  }

  @Test
  void anAnnotationThatIsNoTimeSaysNothing() {
    StatefulSet odd =
        new StatefulSetBuilder(shard(2))
            .editMetadata()
            .addToAnnotations(MissingPods.REMINDED, "x")
            .endMetadata()
            .build();

    assertThat(MissingPods.lacking(pods("x-0"), List.of(odd), LATER)).hasSize(1);
  }

  @Test
  void podsThatAreThereAreNotMissedInWhateverState() {
    assertThat(MissingPods.lacking(pods("x-0", "x-1"), List.of(shard(2)), LATER)).isEmpty();
    assertThat(MissingPods.lacking(pods(), List.of(shard(0)), LATER)).isEmpty();
  }

  @Test
  void whatIsBeingDeletedNeedsNoPods() {
    StatefulSet leaving =
        new StatefulSetBuilder(shard(2))
            .editMetadata()
            .withDeletionTimestamp(CREATED)
            .endMetadata()
            .build();

    assertThat(MissingPods.lacking(pods(), List.of(leaving), LATER)).isEmpty();
  }

  private static List<Pod> pods(String... names) {
    return Arrays.stream(names)
        .map(name -> new PodBuilder().withNewMetadata().withName(name).endMetadata().build())
        .toList();
  }

  private static StatefulSet shard(int pods) {
    return new StatefulSetBuilder()
        .withNewMetadata()
        .withName("x")
        .withCreationTimestamp(CREATED)
        .endMetadata()
        .withNewSpec()
        .withReplicas(pods)
        .endSpec()
        .build();
  }
}
