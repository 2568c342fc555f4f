package io.slotkeeper.mode.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.Finding;
import io.slotkeeper.model.Finding.Kind;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Inventory;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.testing.KubernetesObjects;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A Redis that was deleted with termination policy Pause and made again over its claims: all that
 * is remembered is on these.
 */
class KeptClaimsTest {

  /** Three masters before, two now; no server that answers has a key. */
  private static Views fewerMasters() {
    Views views = Views.formed(3, 1).unwritten().forgotten().wanting(2, 1);
    for (String pod : views.topology.pods()) {
      views.marks(pod, views.pod(pod).id);
    }
    return views.with(2, 0, pod -> pod.absent = true).with(2, 1, pod -> pod.absent = true);
  }

  @Test
  void theOwnerOnAClaimWithoutAPodIsNotForgottenNorReplaced() {
    Plan plan = fewerMasters().plan();

    assertThat(Actions.of(plan, Action.Forget.class))
        .extracting(Action.Forget::id)
        .doesNotContain(fewerMasters().pod(2, 0).id);
    assertThat(Actions.of(plan, Action.AssignSlots.class)).isEmpty();
    assertThat(plan.findings())
        .filteredOn(finding -> finding.kind() == Kind.CLAIM_WITHOUT_POD)
        .singleElement()
        .satisfies(finding ->
            assertThat(finding.message())
                .contains("slots 10923-16383", "Claim data-x-shard2-0 may have it")
                .endsWith("set spec.cluster.master to at least 3."));
    assertThat(plan.findings()).extracting(Finding::kind).doesNotContain(Kind.SHARD_LOST);
  }

  /**
   * It was halted, and resumes: the pod is on its way, and there is nothing to be done about it.
   */
  @Test
  void aPodThatItsStatefulSetAsksForIsNotMissed() {
    ClusterView view = fewerMasters().seen();
    Topology wanted = new Topology("x", 2, 1, 5000);

    for (int pods : new int[] {0, 1, 2}) {
      Inventory inventory =
          Inventory.of(Map.of(2, KubernetesObjects.statefulSet("x-shard2", pods)), Map.of());
      assertThat(ClusterPlanner.plan(wanted, view.withInventory(inventory)).findings())
          .as("a StatefulSet of %d pods", pods)
          .extracting(Finding::kind)
          .doesNotContain(Kind.CLAIM_WITHOUT_POD);
    }
    assertThat(ClusterPlanner.plan(wanted, view.withInventory(Inventory.EMPTY)).findings())
        .extracting(Finding::kind)
        .contains(Kind.CLAIM_WITHOUT_POD);
  }

  @Test
  void theMasterThatWasAReplicaOnceIsWaitedForWithFewerReplicas() {
    Views views = Views.formed(1, 1).failedOver(0, 1).forgotten().wanting(1, 0);
    views.marks("x-shard0-0", views.pod(0, 0).id).marks("x-shard0-1", views.pod(0, 1).id);
    views.with(0, 1, pod -> pod.absent = true);
    views.with(
        0,
        0,
        pod -> {
          pod.linkUp = false;
          pod.linkDownSeconds = -1;
        });

    Plan plan = views.plan();

    assertThat(Actions.of(plan, Action.Takeover.class)).isEmpty();
    assertThat(Actions.of(plan, Action.ForceFailover.class)).isEmpty();
    assertThat(plan.findings())
        .filteredOn(finding -> finding.kind() == Kind.CLAIM_WITHOUT_POD)
        .singleElement()
        .satisfies(finding ->
            assertThat(finding.message())
                .contains("Claim data-x-shard0-1")
                .endsWith("set spec.cluster.replicas to at least 1."));
  }

  @Test
  void slotsWithAnUnknownOwnerMayBeOnAnyClaimWithoutAPod() {
    assertWaitsForShard1(ownerless().marks("x-shard1-0", Views.id(77)));
  }

  /** Found by the simulation: formation was cut short, before its claim was marked. */
  @Test
  void evenIfThatClaimIsNotMarked() {
    assertWaitsForShard1(ownerless());
  }

  private static Views ownerless() {
    Views views = Views.formed(2, 0).unwritten().owners(Map::clear).wanting(1, 0);
    views.marks("x-shard0-0", views.pod(0, 0).id);
    views.with(1, 0, pod -> pod.absent = true);
    views.pod(0, 0).table.remove(views.pod(1, 0).id);
    return views.accepting("replaced-by:" + views.pod(0, 0).id);
  }

  private static void assertWaitsForShard1(Views views) {
    Plan plan = views.plan();

    assertThat(plan.actions())
        .noneMatch(Action.ReassignLostSlots.class::isInstance)
        .noneMatch(Action.AssignSlots.class::isInstance);
    assertThat(plan.findings())
        .filteredOn(finding -> finding.kind() == Kind.SHARD_LOST)
        .singleElement()
        .satisfies(finding ->
            assertThat(finding.message()).contains("set spec.cluster.master to at least 2"));
  }

  /** Found by the simulation: the same, and the servers still know whose slots they are. */
  @Test
  void anOwnerThatWasNeverSeenMayBeOnAClaimThatIsNotMarked() {
    Views views = Views.formed(2, 0).forgotten().wanting(1, 0);
    views.marks("x-shard0-0", views.pod(0, 0).id).accepting(views.pod(1, 0).id.value());

    assertWaitsForShard1(views.with(1, 0, pod -> pod.absent = true));
  }

  /** A shard that was added and taken back at once may leave one, which nothing ever was on. */
  @Test
  void anOwnerThatWasSeenIsOnNone() {
    Views views = Views.formed(3, 0).wanting(2, 0).accepting(Views.id(1).value());
    views.replaced(0, 0, 98).remembers(0, 0, Views.id(98)).moved(2, 1, SlotSet.range(10923, 16383));
    views.with(2, 0, pod -> pod.absent = true);

    assertThat(Actions.of(views.plan(), Action.ReassignLostSlots.class)).hasSize(1);
  }

  @Test
  void aClaimWithoutAPodMayHaveTheLastCopyOfALostShard() {
    Views views = Views.formed(2, 1).wanting(2, 0).accepting(Views.id(1).value());
    views.marks("x-shard0-1", views.pod(0, 1).id).replaced(0, 0, 98).remembers(0, 0, Views.id(98));
    views.with(0, 1, pod -> pod.absent = true).with(1, 1, pod -> pod.absent = true);

    Plan plan = views.plan();

    assertThat(Actions.of(plan, Action.ReassignLostSlots.class)).isEmpty();
    assertThat(plan.findings())
        .filteredOn(finding -> finding.kind() == Kind.SHARD_LOST)
        .singleElement()
        .satisfies(finding ->
            assertThat(finding.message())
                .contains(
                    "Claim data-x-shard0-1 may have it, or older data: set spec.cluster.replicas to at least 1"));
  }

  @Test
  void claimsAreMarkedOnceItIsWrittenDownThatTheClusterIsFormed() {
    assertThat(Actions.of(Views.formed(1, 0).plan(), Action.AnnotateClaim.class)).hasSize(1);
    assertThat(Actions.of(Views.formed(1, 0).unwritten().plan(), Action.AnnotateClaim.class))
        .isEmpty();
  }

  /**
   * It was let go with its volume, and a server that was away has not heard which master has its
   * slots.
   */
  @Test
  void aNodeThatOwnsSlotsInOneTableStaysWhileAVolumeHasIt() {
    Views views = Views.formed(2, 0);
    Line gone = Line.at("10.0.0.99");
    gone.slots = SlotSet.of(1);
    views.pod(1, 0).table.put(Views.id(99), gone);
    assertThat(Actions.of(views.plan(), Action.Forget.class)).hasSize(1);

    views.marks("x-shard7-0", Views.id(99));
    assertThat(Actions.of(views.plan(), Action.Forget.class)).isEmpty();
    assertThat(List.copyOf(views.plan().findings()))
        .extracting(Finding::kind)
        .doesNotContain(Kind.SHARD_LOST);
  }
}
