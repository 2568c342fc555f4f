package io.slotkeeper.mode.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.Finding;
import io.slotkeeper.model.PodRef;
import io.slotkeeper.observe.ClaimState;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.Safeguard;
import io.slotkeeper.plan.UpdatePolicy;
import io.slotkeeper.plan.UpdateProgress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Pods of an older template are replaced one at a time, and none has the only copy of anything. */
class RollingUpdateTest {
  private final Rollouts rollouts = Rollouts.of(3, 1).allOutdated();

  @Test
  void oneReplicaGoesFirst() {
    Action.ReplacePod replace = rollouts.replacements().getFirst();

    assertThat(rollouts.replaced()).containsExactly("x-shard0-1");
    assertThat(replace.cause()).isEqualTo(Action.ReplacePod.Cause.OUTDATED);
    assertThat(replace.pod()).isEqualTo(new PodRef("x-shard0-1", "uid of x-shard0-1", "7", 0));
    assertThat(replace.others()).isEqualTo(Set.copyOf(rollouts.views.topology.pods()));
    assertThat(replace.safeguard())
        .isInstanceOfSatisfying(
            Safeguard.InSync.class, kept -> assertThat(kept.copy().pod()).isEqualTo("x-shard0-0"));
  }

  @Test
  void aMasterGoesWhenAllReplicasAreNew() {
    for (int shard = 0; shard < 3; shard++) {
      rollouts.pod(shard, 1).revision = Rollouts.NEW;
    }

    assertThat(rollouts.replaced()).containsExactly("x-shard0-0");
    assertThat(rollouts.replacements().getFirst().safeguard())
        .isInstanceOfSatisfying(
            Safeguard.InSync.class, kept -> assertThat(kept.copy().pod()).isEqualTo("x-shard0-1"));
  }

  @Test
  void noneGoesWhileAnotherIsOnItsWay() {
    rollouts.pod(2, 1).terminating = true;
    assertThat(rollouts.replaced()).isEmpty();
  }

  @Test
  void noneGoesWhileAServerIsNotReady() {
    rollouts.pod(2, 0).ready = false;
    assertThat(rollouts.replaced()).isEmpty();
  }

  @Test
  void noneGoesWhileAReplicaIsBehind() {
    rollouts.views.pod(2, 1).linkUp = false;
    assertThat(rollouts.replaced()).isEmpty();
  }

  @Test
  void noneGoesWhileAPodIsMissing() {
    rollouts.views.pod(2, 1).absent = true;
    assertThat(rollouts.replaced()).isEmpty();
  }

  @Test
  void noneGoesWhileADiskIsFull() {
    rollouts.views.pod(2, 1).diskError = "aof_last_write_status:err";
    assertThat(rollouts.replaced()).isEmpty();
  }

  @Test
  void aSidecarThatCrashesInOlderPodsHoldsNothingUp() {
    for (int shard = 0; shard < 3; shard++) {
      rollouts.pod(shard, 0).whole = false;
      rollouts.pod(shard, 1).whole = false;
    }

    assertThat(rollouts.replaced()).containsExactly("x-shard0-1");
  }

  @Test
  void aSidecarThatCrashesInTheNewestPodStopsTheRollout() {
    rollouts.pod(0, 1).revision = Rollouts.NEW;
    rollouts.pod(0, 1).whole = false;

    assertThat(rollouts.replaced()).isEmpty();
  }

  @Test
  void aTemplateThatDoesNotStartStopsAtItsFirstPod() {
    rollouts.dead(0, 1).revision = Rollouts.NEW;

    assertThat(rollouts.replaced()).isEmpty();
  }

  @Test
  void nothingIsKnownBeforeTheControllerHasSeenTheTemplate() {
    for (int shard = 0; shard < 3; shard++) {
      rollouts.sets.put(shard, rollouts.set(shard, null));
    }

    assertThat(rollouts.replaced()).isEmpty();
    assertThat(rollouts.plan().update().unseen())
        .containsExactly("x-shard0", "x-shard1", "x-shard2");
  }

  @Test
  void withOnDeleteTheUserDecides() {
    rollouts.policy = new UpdatePolicy(false, true, rollouts.policy.since());

    assertThat(rollouts.replaced()).isEmpty();
    assertThat(rollouts.plan().update().outdated()).hasSize(6);
  }

  @Test
  void withoutReplicasThePodGoesWhoseDataStaysOnItsClaim() {
    Rollouts single = Rollouts.of(3, 0).allOutdated();

    assertThat(single.replaced()).containsExactly("x-shard0-0");
    assertThat(single.replacements().getFirst().safeguard()).isInstanceOf(Safeguard.OnClaim.class);
  }

  @Test
  void aVolumeThatNoServerWritesToKeepsNothing() {
    Rollouts single = Rollouts.of(3, 0).allOutdated();
    single.policy = new UpdatePolicy(true, false, single.policy.since());

    assertThat(single.replaced()).isEmpty();
    assertThat(single.plan().update().held()).hasSize(3);
  }

  @Test
  void withoutReplicasAndVolumesNothingGoes() {
    Rollouts single = Rollouts.of(3, 0).ephemeral().allOutdated();

    assertThat(single.replaced()).isEmpty();
    assertThat(single.plan().update().held())
        .containsEntry(
            "x-shard1-0", "may have the only copy of its data, which does not outlive it");
  }

  @Test
  void ephemeralPodsGoOneByOneWhileAnotherHasACopy() {
    assertThat(Rollouts.of(3, 1).ephemeral().allOutdated().replaced())
        .containsExactly("x-shard0-1");
  }

  @Test
  void theOnlyCopyOnATerminatingClaimStaysAndIsReported() {
    Rollouts single = Rollouts.of(3, 0).allOutdated();
    single.terminating(0, 0);

    assertThat(single.replaced()).containsExactly("x-shard1-0");
    assertThat(single.plan().update().held()).containsOnlyKeys("x-shard0-0");
    assertThat(single.plan().findings())
        .anySatisfy(finding -> {
          assertThat(finding.kind()).isEqualTo(Finding.Kind.CLAIM_TERMINATING);
          assertThat(finding.message()).contains("data-x-shard0-0", "spec.cluster.replicas");
        });
  }

  @Test
  void aPodWithATerminatingClaimGoesWhereAnotherCopyStays() {
    rollouts.terminating(0, 1);

    assertThat(rollouts.replaced()).containsExactly("x-shard0-1");
    assertThat(rollouts.plan().findings()).isEmpty();
  }

  @Test
  void aMasterStaysOnItsClaimWhoseOnlyReplicaIsOnATerminatingOne() {
    rollouts.pod(0, 1).revision = Rollouts.NEW;
    rollouts.pod(1, 1).revision = Rollouts.NEW;
    rollouts.pod(2, 1).revision = Rollouts.NEW;
    rollouts.terminating(0, 1);

    assertThat(rollouts.replacements())
        .singleElement()
        .satisfies(
            replace -> assertThat(replace.safeguard()).isInstanceOf(Safeguard.OnClaim.class));
  }

  @Test
  void neitherOfTwoCopiesOnTerminatingClaimsGoes() {
    rollouts.terminating(0, 0);
    rollouts.terminating(0, 1);

    assertThat(rollouts.replaced()).containsExactly("x-shard1-1");
    assertThat(rollouts.plan().update().held()).containsOnlyKeys("x-shard0-0", "x-shard0-1");
    assertThat(rollouts.plan().findings()).hasSize(2);
  }

  @Test
  void aReplicaOnATerminatingClaimGoesWhereAnotherReplicaStays() {
    Rollouts three = Rollouts.of(1, 2);
    three.terminating(0, 0);
    three.terminating(0, 1);
    three.pod(0, 1).outdated();

    assertThat(three.replaced()).containsExactly("x-shard0-1");
    assertThat(three.replacements().getFirst().safeguard())
        .isInstanceOfSatisfying(
            Safeguard.InSync.class, kept -> assertThat(kept.copy().pod()).isEqualTo("x-shard0-2"));
    assertThat(three.plan().findings()).isEmpty();
  }

  @Test
  void aLostVolumeIsNoPlaceForData() {
    Rollouts single = Rollouts.of(1, 0).allOutdated();
    single.claims.put("x-shard0-0", new ClaimState("data-x-shard0-0", false, false, null));

    assertThat(single.replaced()).isEmpty();
  }

  @Test
  void whatIsNewestIsLeftAlone() {
    Plan plan = Rollouts.of(3, 1).plan();

    assertThat(Actions.of(plan, Action.ReplacePod.class)).isEmpty();
    assertThat(plan.update())
        .isEqualTo(new UpdateProgress(List.of(), new java.util.TreeMap<>(), List.of()));
  }
}
