package io.slotkeeper.mode.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.PodRole;
import io.slotkeeper.model.RequeuePace;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The selector of the scale subresource matches the pods that are labelled as masters. */
class RoleLabelsTest {

  private static List<Action.LabelPod> labels(Views views) {
    return Actions.of(views.plan(), Action.LabelPod.class);
  }

  private static Action.LabelPod label(String pod, PodRole role) {
    return new Action.LabelPod(pod, "uid of " + pod, role);
  }

  @Test
  void atRestNothingIsWritten() {
    assertThat(labels(Views.formed(3, 2))).isEmpty();
  }

  @Test
  void podsOfAClusterThatHasNoLabelsYetGetThem() {
    Views views = Views.formed(2, 1);
    views.topology.pods().forEach(pod -> views.pod(pod).role = PodRole.NONE);

    assertThat(labels(views))
        .containsExactlyInAnyOrder(
            label("x-shard0-0", PodRole.MASTER),
            label("x-shard0-1", PodRole.REPLICA),
            label("x-shard1-0", PodRole.MASTER),
            label("x-shard1-1", PodRole.REPLICA));
  }

  @Test
  void theLabelFollowsAFailoverAndTheFormerMasterLosesItFirst() {
    Views views = Views.formed(3, 1).failedOver(1, 1);
    views
        .with(1, 0, pod -> pod.role = PodRole.MASTER)
        .with(1, 1, pod -> pod.role = PodRole.REPLICA);
    Plan plan = views.plan();

    List<List<Action>> steps =
        plan.steps().stream()
            .filter(step -> step.stream().anyMatch(Action.LabelPod.class::isInstance))
            .toList();
    assertThat(steps)
        .containsExactly(
            List.of(label("x-shard1-0", PodRole.REPLICA)),
            List.of(label("x-shard1-1", PodRole.MASTER)));
  }

  @Test
  void aShardWhoseMasterDoesNotAnswerKeepsItsLabels() {
    assertThat(labels(Views.formed(3, 1).with(1, 0, pod -> pod.silent(Kind.TIMEOUT)))).isEmpty();
  }

  @Test
  void aNewPodOfAShardIsAReplicaAlthoughItsServerDoesNotAnswerYet() {
    Views views = Views.formed(3, 1);
    views.with(1, 1, pod -> pod.silent(Kind.REFUSED).role = PodRole.NONE);

    assertThat(labels(views)).containsExactly(label("x-shard1-1", PodRole.REPLICA));
  }

  @Test
  void aMasterWithoutSlotsIsNotCounted() {
    Views views = Views.formed(3, 1).wanting(4, 1).joined();
    views.pod(3, 1).role = PodRole.NONE;

    assertThat(labels(views)).containsExactly(label("x-shard3-1", PodRole.REPLICA));
  }

  @Test
  void aMasterThatGaveItsLastSlotAwayIsNotCountedAnyMore() {
    Views views = Views.formed(3, 1).wanting(2, 1).balancing(Views.MOVING);
    views.moved(2, 0, views.topology.firstSlots(2));

    assertThat(labels(views)).containsExactly(label("x-shard2-0", PodRole.NONE));
  }

  /** Writing labels is no reason to keep a rollout or a change of settings waiting. */
  @Test
  void whatOnlyLacksALabelRests() {
    Views views = Views.formed(3, 1);
    views.topology.pods().forEach(pod -> views.marks(pod, views.pod(pod).id));
    views.with(0, 0, pod -> pod.role = PodRole.REPLICA);

    assertThat(views.plan().pace()).isEqualTo(RequeuePace.RESTING);
    assertThat(labels(views)).hasSize(1);
  }
}
