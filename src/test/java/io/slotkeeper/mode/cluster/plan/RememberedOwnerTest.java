package io.slotkeeper.mode.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.Finding;
import io.slotkeeper.model.Finding.Kind;
import io.slotkeeper.model.PodState.Container;
import io.slotkeeper.observe.RememberedShard;
import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * The last owner of slots is remembered with its epoch: neither a master that comes back from
 * before that, nor a copy from before that, is taken for the newest.
 */
class RememberedOwnerTest {
  private static final SlotSet SLOTS = SlotSet.range(0, 5460);

  /** x-shard0-1 took over, and is away; of those that answer none has heard of that. */
  private static Views outdated() {
    Views views = Views.formed(3, 1);
    views.pod(1, 0).table.remove(views.pod(0, 0).id);
    return views.owned(0, views.pod(0, 1), 50).with(0, 1, pod -> pod.absent = true);
  }

  private static List<Action.Meet> meetings(Views views, String pod) {
    return Actions.of(views.plan(), Action.Meet.class).stream()
        .filter(meet -> meet.from().pod().equals(pod) || meet.to().pod().equals(pod))
        .toList();
  }

  private static String message(Views views, Kind kind) {
    return views.plan().findings().stream()
        .filter(finding -> finding.kind() == kind)
        .map(Finding::message)
        .reduce("", String::concat);
  }

  /** Found by the simulation: two blank servers believed it, and it outbid its successor. */
  @Test
  void aMasterThatWasReplacedIsIntroducedToNoOther() {
    Views views = outdated();

    assertThat(meetings(views, "x-shard0-0")).isEmpty();
    assertThat(Actions.of(views.plan(), Action.BumpEpoch.class)).isEmpty();
    assertThat(views.plan().health().served().intersects(SLOTS)).isFalse();
    assertThat(message(views, Kind.MASTER_DOWN))
        .contains("slots 0-5460", "Pod x-shard0-0 had them before");
    assertThat(message(views, Kind.STRAY_KEYS)).isEmpty();
  }

  @Test
  void untilItsSuccessorAnswers() {
    Views views = Views.formed(3, 1);
    views.pod(1, 0).table.remove(views.pod(0, 0).id);
    views.owned(0, views.pod(0, 1), 50);
    views.pod(0, 1).line(views.pod(0, 1)).master = null;
    views.pod(0, 1).line(views.pod(0, 1)).epoch = 50;
    views.pod(0, 1).line(views.pod(0, 1)).slots = SLOTS;
    views.pod(0, 1).masterHost = null;

    assertThat(meetings(views, "x-shard0-0")).isNotEmpty();
  }

  @Test
  void orIsGivenUp() {
    Views views = outdated().accepting(Views.formed(3, 1).pod(0, 1).id.value());

    assertThat(meetings(views, "x-shard0-0")).isNotEmpty();
    assertThat(views.plan().health().served()).isEqualTo(SlotSet.ALL);
  }

  /** What it has is the newest that is left, and it serves it already. */
  @Test
  void orIsGoneForGood() {
    Views views = outdated().replaced(0, 1, 99).remembers(0, 1, Views.id(99));
    views.pod(0, 1).absent = false;

    assertThat(meetings(views, "x-shard0-0")).isNotEmpty();
    assertThat(views.plan().health().served()).isEqualTo(SlotSet.ALL);
    assertThat(message(views, Kind.SHARD_LOST)).isEmpty();
  }

  @Test
  void theOwnerIsRememberedWhileItIsAway() {
    Views views = outdated();

    assertThat(views.plan().health().shards().getFirst().remembered().owner())
        .isEqualTo(new RememberedShard.Owner(views.pod(0, 1).id, 50, SLOTS));
    Views replaced = Views.formed(3, 1).failedOver(0, 1);
    assertThat(replaced.plan().health().shards().getFirst().remembered().owner())
        .isEqualTo(new RememberedShard.Owner(replaced.pod(0, 1).id, 50, SLOTS));
  }

  private static Consumer<Views.Pod> unlinked(long seconds) {
    return pod -> {
      pod.linkUp = false;
      pod.linkDownSeconds = seconds;
    };
  }

  private static List<Action.ForceFailover> failovers(Views views) {
    return Actions.of(views.plan(), Action.ForceFailover.class);
  }

  /**
   * Found by the simulation: the servers elected x-shard0-1 out of sight, and x-shard0-2 has what
   * the master before had. That the container starts is no reason to take that.
   */
  @Test
  void aCopyFromBeforeAnElectionOutOfSightWaitsForTheElected() {
    Views views = Views.formed(3, 2);
    String former = views.pod(0, 0).replicationId;
    views.failedOver(0, 1).with(0, 1, pod -> pod.container = Container.WAITING);
    views.with(0, 1, pod -> pod.silent(RedisUnavailableException.Kind.REFUSED));
    for (int ordinal : List.of(0, 2)) {
      views.with(0, ordinal, unlinked(0));
      views.with(0, ordinal, pod -> pod.replicationId = former);
    }
    assertThat(failovers(views)).isEmpty();

    for (int ordinal : List.of(0, 2)) {
      views.with(0, ordinal, pod -> pod.replicationId = "elected");
    }
    views.knows(0, List.of(former, "elected")).owned(0, views.pod(0, 1), 50);
    assertThat(failovers(views)).as("it was seen, and copied").hasSize(1);
  }

  /** Found by the simulation: nothing was promoted, and no loss was reported. */
  @Test
  void whatHoldsNothingIsNoCopyOfAShardThatHeldKeys() {
    Views views = Views.formed(3, 1).replaced(0, 0, 99).with(0, 1, unlinked(100));
    views.with(0, 1, pod -> pod.keys = 0);
    assertThat(failovers(views)).as("the shard was empty").hasSize(1);

    views.heldKeys(0);
    assertThat(failovers(views)).isEmpty();
    assertThat(message(views, Kind.SHARD_LOST)).contains("slots 0-5460");

    views.with(0, 1, unlinked(0));
    assertThat(failovers(views)).as("its master had deleted them").hasSize(1);
  }

  /**
   * Found by the simulation: a replica had been scaled away, the shard took slots, and the replica
   * came back with its old volume when the only other copy was destroyed.
   */
  @Test
  void aCopyFromBeforeItWasScaledAwayIsTakenOnlyIfTheUserIsContentWithIt() {
    Views views = Views.formed(3, 1).replaced(0, 0, 99).remembers(0, 0, Views.id(99));
    views.copies.add("x-shard0-0");
    views.with(0, 1, unlinked(-1)).with(0, 1, pod -> pod.sampleSlot = 7);

    assertThat(failovers(views)).isEmpty();
    assertThat(message(views, Kind.SHARD_LOST))
        .contains("=" + Views.id(1) + "`", "with the older data that pod x-shard0-1 has");
    assertThat(failovers(views.accepting(Views.id(1).value()))).hasSize(1);

    views.accepting("");
    assertThat(failovers(views)).isEmpty();
    views.copies.add("x-shard0-1");
    assertThat(failovers(views)).as("it was in sync since").hasSize(1);
  }

  @Test
  void copiesAreRememberedForAsLongAsTheirPodIsWanted() {
    Views views = Views.formed(3, 1);
    assertThat(copies(views)).containsExactlyInAnyOrder("x-shard0-0", "x-shard0-1");

    views.with(0, 1, unlinked(5));
    assertThat(copies(views)).containsExactly("x-shard0-0");

    views.copies.addAll(List.of("x-shard0-0", "x-shard0-1"));
    assertThat(copies(views)).containsExactlyInAnyOrder("x-shard0-0", "x-shard0-1");
    assertThat(copies(views.wanting(3, 0))).containsExactly("x-shard0-0");
  }

  private static Set<String> copies(Views views) {
    return views.plan().health().shards().getFirst().remembered().copies();
  }
}
