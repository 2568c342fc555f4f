package io.slotkeeper.mode.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.PodState.Container;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Safeguard;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.plan.UpdatePolicy;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Pods that do not run are replaced when their template has changed, and only where that is safe.
 */
class StuckPodsTest {

  /** All pods of a cluster, crash-looping. */
  private static Rollouts down(Rollouts rollouts) {
    for (int shard = 0; shard < rollouts.views.topology.shards(); shard++) {
      for (int ordinal = 0; ordinal <= rollouts.views.topology.replicas(); ordinal++) {
        rollouts.dead(shard, ordinal);
      }
    }
    return rollouts.allOutdated();
  }

  /** Pods of a Redis that was never formed, and that no node takes. */
  private static Rollouts unscheduled() {
    Rollouts rollouts = new Rollouts(Views.blank(3, 1));
    for (String pod : rollouts.views.topology.pods()) {
      rollouts.views.pod(pod).ip = null;
    }
    for (int shard = 0; shard < 3; shard++) {
      rollouts.pod(shard, 0).unscheduled();
      rollouts.pod(shard, 1).unscheduled();
    }
    return rollouts.allOutdated();
  }

  @Test
  void podsThatNeverStartedGoAtOnce() {
    List<Action.ReplacePod> replaced = unscheduled().replacements();

    assertThat(replaced).hasSize(6);
    assertThat(replaced)
        .allSatisfy(replace -> {
          assertThat(replace.cause()).isEqualTo(Action.ReplacePod.Cause.STUCK);
          assertThat(replace.safeguard()).isInstanceOf(Safeguard.NeverUsed.class);
        });
  }

  @Test
  void notThoseOfTheNewestTemplate() {
    Rollouts rollouts = unscheduled();
    rollouts.pod(0, 0).revision = Rollouts.NEW;

    assertThat(rollouts.replaced()).hasSize(5).doesNotContain("x-shard0-0");
  }

  @Test
  void notThoseThatAreGoingAlready() {
    Rollouts rollouts = unscheduled();
    rollouts.pod(0, 0).terminating = true;

    assertThat(rollouts.replaced()).hasSize(5).doesNotContain("x-shard0-0");
  }

  @Test
  void serversThatEndBeforeTheyAreEverSeenHaveNothing() {
    Rollouts rollouts = unscheduled().ephemeral();
    for (int shard = 0; shard < 3; shard++) {
      rollouts.pod(shard, 0).started = true;
      rollouts.pod(shard, 1).started = true;
    }
    assertThat(rollouts.replaced()).hasSize(6);

    rollouts.policy = new UpdatePolicy(true, false, Views.NOW);
    assertThat(rollouts.replaced()).as("pods of a former Redis").isEmpty();
  }

  @Test
  void aServerThatRunsIsNotStuckWhateverItsSidecarsDo() {
    Rollouts rollouts = Rollouts.of(3, 1).ephemeral().allOutdated();
    for (int shard = 0; shard < 3; shard++) {
      for (int ordinal = 0; ordinal < 2; ordinal++) {
        rollouts.pod(shard, ordinal).whole = false;
        rollouts.pod(shard, ordinal).ready = false;
      }
    }

    assertThat(rollouts.replaced()).isEmpty();
  }

  @Test
  void aSilentServerThatRunsIsNotStuck() {
    Rollouts rollouts = Rollouts.of(3, 1).allOutdated();
    rollouts.views.pod(0, 1).silent(Kind.TIMEOUT);

    assertThat(rollouts.replaced()).isEmpty();
  }

  @Test
  void ephemeralServersThatCrashKeepWhatIsInTheirEmptyDirs() {
    Rollouts rollouts = down(Rollouts.of(3, 1).ephemeral());

    assertThat(rollouts.replaced()).isEmpty();
    assertThat(rollouts.plan().update().held()).hasSize(6);
  }

  @Test
  void anEphemeralServerThatCrashesGoesWhereAnotherServes() {
    Rollouts rollouts = Rollouts.of(3, 1).ephemeral();
    rollouts.dead(0, 1).outdated();

    assertThat(rollouts.replaced()).containsExactly("x-shard0-1");
    assertThat(rollouts.replacements().getFirst().safeguard())
        .isInstanceOfSatisfying(
            Safeguard.InSync.class, kept -> assertThat(kept.copy().pod()).isEqualTo("x-shard0-0"));
  }

  @Test
  void aCrashingMasterIsKeptUntilAnotherHasItsSlots() {
    Rollouts rollouts = Rollouts.of(3, 1).ephemeral();
    rollouts.dead(0, 0).outdated();
    assertThat(rollouts.replaced()).isEmpty();

    rollouts.views.failedOver(0, 1);
    assertThat(rollouts.replaced()).containsExactly("x-shard0-0");
  }

  @Test
  void withClaimsOnePodOfEachShardGoesReplicasFirst() {
    assertThat(down(Rollouts.of(3, 1)).replaced())
        .containsExactly("x-shard0-1", "x-shard1-1", "x-shard2-1");

    Rollouts rollouts = Rollouts.of(3, 1);
    rollouts.dead(0, 0).outdated();
    rollouts.dead(0, 1).outdated();
    assertThat(rollouts.replaced()).as("others serve").containsExactly("x-shard0-1");
  }

  @Test
  void theSecondWaitsUntilTheFirstServes() {
    Rollouts rollouts = Rollouts.of(3, 1);
    rollouts.dead(0, 0).outdated();
    rollouts.dead(0, 1);
    assertThat(rollouts.replaced()).as("the new template does not work either").isEmpty();

    rollouts.pod(0, 1).container = Container.RUNNING;
    assertThat(rollouts.replaced()).as("it does not answer yet").isEmpty();

    rollouts.views.pod(0, 1).silence = null;
    assertThat(rollouts.replaced()).containsExactly("x-shard0-0");
  }

  @Test
  void theSecondWaitsWhileTheFirstIsGoingOrMissing() {
    Rollouts rollouts = Rollouts.of(3, 1);
    rollouts.dead(0, 0).outdated();
    rollouts.dead(0, 1).terminating = true;
    assertThat(rollouts.replaced()).isEmpty();

    rollouts.views.pod(0, 1).absent = true;
    assertThat(rollouts.replaced()).isEmpty();
  }

  @Test
  void aRevertedRolloutRecoversByItself() {
    Rollouts rollouts = Rollouts.of(3, 1);
    rollouts.dead(0, 1).revision = "broken";

    assertThat(rollouts.replaced()).containsExactly("x-shard0-1");
  }

  @Test
  void aStuckPodOnATerminatingClaimStays() {
    Rollouts rollouts = Rollouts.of(3, 0);
    rollouts.dead(0, 0).outdated();
    rollouts.terminating(0, 0);
    assertThat(rollouts.replaced()).isEmpty();

    rollouts.pod(0, 0).unscheduled();
    assertThat(rollouts.replaced()).as("its volume has data of the pod before").isEmpty();
  }

  @Test
  void aChangeOfSizeWaitsForThem() {
    Rollouts rollouts = Rollouts.of(3, 1);
    rollouts.wanted = new Topology("x", 3, 0, 5000);
    rollouts.views.failedOver(0, 1);
    assertThat(Actions.of(rollouts.plan(), Action.PlannedFailover.class)).hasSize(1);

    rollouts.dead(2, 1).outdated();
    assertThat(Actions.of(rollouts.plan(), Action.PlannedFailover.class)).isEmpty();
    assertThat(rollouts.replaced()).containsExactly("x-shard2-1");
  }

  @Test
  void withOnDeleteTheUserDecides() {
    Rollouts rollouts = unscheduled();
    rollouts.policy = new UpdatePolicy(false, true, rollouts.policy.since());

    assertThat(rollouts.replaced()).isEmpty();
  }
}
