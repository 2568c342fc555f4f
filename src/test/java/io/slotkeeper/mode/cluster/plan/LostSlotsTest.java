package io.slotkeeper.mode.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.Finding;
import io.slotkeeper.model.Finding.Kind;
import io.slotkeeper.observe.AcceptedLosses;
import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Slots whose data is gone: no node gets them unless the user has given the data up. */
class LostSlotsTest {
  private static final String COMMAND =
      "kubectl annotate rd x --overwrite " + AcceptedLosses.ANNOTATION + "=";

  private static List<Action.ReassignLostSlots> accepted(Views views) {
    return Actions.of(views.plan(), Action.ReassignLostSlots.class);
  }

  private static String message(Views views) {
    return views.plan().findings().stream()
        .filter(finding -> finding.kind() == Kind.SHARD_LOST)
        .map(Finding::message)
        .reduce("", String::concat);
  }

  /** Shard 0 came back with two new volumes. */
  private static Views shardLost() {
    Views views = Views.formed(3, 1).replaced(0, 0, 98).replaced(0, 1, 99);
    return views.remembers(0, 0, Views.id(98)).remembers(0, 1, Views.id(99));
  }

  @Test
  void nothingIsGivenAwayUnasked() {
    Views views = shardLost();

    assertThat(accepted(views)).isEmpty();
    assertThat(message(views))
        .contains("slots 0-5460 is gone", "node " + Views.id(1))
        .contains(COMMAND + Views.id(1) + "`");
  }

  @Test
  void aBackupIsNoAdviceWhereThereIsNoVolume() {
    assertThat(message(shardLost())).contains("Restore the volume from a backup; or give");
    Views views = shardLost();
    for (int shard = 0; shard < 3; shard++) {
      views.withoutClaim(shard, 0).withoutClaim(shard, 1);
    }

    assertThat(message(views))
        .contains("There is no volume to restore: give the data up with `" + COMMAND)
        .doesNotContain("backup");
  }

  @Test
  void whatIsGivenUpGoesToAnEmptyNodeOfThatShard() {
    Views views = shardLost().accepting(Views.id(1).value());

    assertThat(accepted(views)).hasSize(1);
    Action.ReassignLostSlots action = accepted(views).getFirst();
    assertThat(action.node().pod()).isEqualTo("x-shard0-0");
    assertThat(action.lost()).isEqualTo(Views.id(1));
    assertThat(action.slots()).isEqualTo(SlotSet.range(0, 5460));
    assertThat(action.pods()).containsExactlyInAnyOrderElementsOf(views.topology.pods());
    assertThat(message(views)).contains("The loss is accepted");
  }

  @Test
  void anotherLossIsNotAccepted() {
    Views views = shardLost().accepting(Views.id(3).value());

    assertThat(accepted(views)).isEmpty();
    assertThat(message(views)).contains(COMMAND + Views.id(1) + "`");
  }

  @Test
  void oneOfTwo() {
    Views views = Views.formed(3, 0).replaced(0, 0, 98).replaced(1, 0, 99);
    views.remembers(0, 0, Views.id(98)).remembers(1, 0, Views.id(99));

    assertThat(message(views)).contains(COMMAND + Views.id(1) + "," + Views.id(2) + "`");
    views.accepting(Views.id(2).value());
    assertThat(accepted(views))
        .extracting(action -> action.node().pod())
        .containsExactly("x-shard1-0");
  }

  @Test
  void itWaitsForEveryPodToSayItsId() {
    Views views = shardLost().accepting(Views.id(1).value());
    views.with(2, 1, pod -> pod.silent(RedisUnavailableException.Kind.TIMEOUT));

    assertThat(accepted(views)).isEmpty();
  }

  @Test
  void itWaitsUntilTheNodeHasHeardOfTheOthers() {
    Views views = shardLost().accepting(Views.id(1).value());
    views.with(0, 0, pod -> pod.currentEpoch = 0);

    assertThat(accepted(views)).isEmpty();
  }

  @Test
  void aClaimThatIsLeftMayBringTheMasterBack() {
    Views views = shardLost().accepting(Views.id(1).value());
    views.marks("x-shard0-7", Views.id(1));

    assertThat(accepted(views)).isEmpty();
    assertThat(message(views))
        .contains(
            "Claim data-x-shard0-7 may have it, or older data: set spec.cluster.replicas to at least 7.");
  }

  /** It gave them away, and the one that took them was lost before it had heard of that. */
  @Test
  void aMasterThatStillSaysThatItHasSomeKeepsThem() {
    SlotSet some = SlotSet.range(5000, 5460);
    Views views = shardLost();
    Views.Pod giver = views.pod(1, 0);
    giver.line(giver).slots = giver.line(giver).slots.plus(some);
    for (Views.Pod pod : List.of(giver, views.pod(1, 1), views.pod(2, 0), views.pod(2, 1))) {
      Objects.requireNonNull(pod.table.get(Views.id(1))).epoch = 50;
    }
    assertThat(Actions.of(views.plan(), Action.BumpEpoch.class)).isEmpty();

    views.accepting(Views.id(1).value());

    assertThat(accepted(views)).as("what it has is settled first").isEmpty();
    assertThat(Actions.of(views.plan(), Action.BumpEpoch.class))
        .singleElement()
        .satisfies(raise -> assertThat(raise.owner().pod()).isEqualTo("x-shard1-0"));
  }

  @Test
  void aReplicaWithACopyIsNoLoss() {
    Views views = Views.formed(3, 1).replaced(0, 0, 98).remembers(0, 0, Views.id(98));
    views.with(0, 0, pod -> pod.ip = "10.0.1.1");
    views.with(
        0,
        1,
        pod -> {
          pod.linkUp = false;
          pod.linkDownSeconds = 60;
        });
    views.accepting(Views.id(1).value());

    assertThat(accepted(views)).isEmpty();
    assertThat(message(views)).isEmpty();
  }

  /** With one master, no server is left that knew it. */
  @Test
  void slotsWithAnUnknownOwnerGoToTheNodeThatTheUserNames() {
    Views views = Views.formed(1, 0).replaced(0, 0, 99).remembers(0, 0, Views.id(99));
    assertThat(message(views)).as("its owner was seen").contains(COMMAND + Views.id(1) + "`");

    views.owners(Map::clear);
    assertThat(message(views)).contains(COMMAND + "replaced-by:" + Views.id(99) + "`");
    assertThat(accepted(views.accepting(Views.id(99).value()))).isEmpty();

    views.accepting("replaced-by:" + Views.id(99));
    assertThat(accepted(views)).hasSize(1);
    assertThat(accepted(views).getFirst().lost()).isNull();
    assertThat(accepted(views).getFirst().slots()).isEqualTo(SlotSet.ALL);
  }

  /** Found by the simulation: no other met it, so none could get the slots, and it never went. */
  @Test
  void aShardThatIsToGoGetsItsSlotsBackFirst() {
    Views views = Views.formed(3, 1).replaced(2, 0, 98).replaced(2, 1, 99);
    views.remembers(2, 0, Views.id(98)).remembers(2, 1, Views.id(99)).wanting(2, 1);

    assertThat(Actions.of(views.plan(), Action.Meet.class))
        .anyMatch(meeting -> meeting.to().pod().equals("x-shard2-0"));
    assertThat(accepted(views.accepting(Views.id(5).value())))
        .singleElement()
        .satisfies(loss -> assertThat(loss.node().pod()).isEqualTo("x-shard2-0"));
  }
}
