package io.slotkeeper.mode.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.PodState.Container;
import io.slotkeeper.model.ServerLoad;
import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.SlotSet;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The node timeout while a cluster forms or recovers, and the way back to the wanted one. */
class NodeTimeoutsTest {
  private static final Duration LONG_AGO = Duration.ofMinutes(10);

  private static Views old(Views views) {
    return views.each(pod -> pod.createdAt = Views.NOW.minus(LONG_AGO));
  }

  private static long[] set(Views views) {
    return Actions.of(views.plan(), Action.SetNodeTimeout.class).stream()
        .mapToLong(Action.SetNodeTimeout::millis)
        .toArray();
  }

  private static void allGet(Views views, int servers, long millis) {
    assertThat(set(views)).hasSize(servers).containsOnly(millis);
  }

  private static Views marked(int shards, int replicas) {
    return Views.formed(shards, replicas).marked(0, 0, Flag.FAIL);
  }

  @ParameterizedTest
  @CsvSource({"3,1,500", "5,3,500", "15,1,1000", "20,1,2000"})
  void theMoreServersAreFormedTheLessOfAHurry(int shards, int replicas, long millis) {
    allGet(Views.blank(shards, replicas), shards * (replicas + 1), millis);
  }

  @Test
  void manyAreNotHurriedAtAll() {
    assertThat(set(Views.blank(30, 1))).isEmpty();
  }

  @Test
  void norIsWhatIsAsShortAnyway() {
    Views views = Views.blank(3, 1).each(pod -> pod.nodeTimeout = 400);
    assertThat(set(views)).isEmpty();
  }

  private static Views half() {
    Views views = Views.blank(3, 1).each(pod -> pod.nodeTimeout = 500);
    views.pod(0, 0).line(views.pod(0, 0)).slots = SlotSet.range(0, 5460);
    return views.remembers(0, 0, views.pod(0, 0).id);
  }

  @Test
  void theHurryIsOverAMinuteAfterTheLastStartWhateverHasBecomeOfIt() {
    assertThat(set(half())).isEmpty();

    allGet(old(half()), 6, 5000);
  }

  @Test
  void alsoWhileFormationWaitsForAPod() {
    Views views = old(half());
    views.with(
        2,
        1,
        pod -> {
          pod.ip = null;
          pod.container = Container.WAITING;
          pod.createdAt = Views.NOW;
        });

    allGet(views, 5, 5000);
  }

  @Test
  void whatAFormerVersionHasSetForManyIsSetBackAtOnce() {
    allGet(Views.blank(30, 1).each(pod -> pod.nodeTimeout = 500), 60, 5000);
  }

  @ParameterizedTest
  @ValueSource(longs = {500, 1000, 2000})
  void aShortTimeoutIsNotSettled(long millis) {
    Views views = Views.formed(3, 1).each(pod -> pod.nodeTimeout = millis);

    assertThat(views.plan().health().settled()).isFalse();
    allGet(views, 6, 5000);
  }

  @Test
  void aMasterThatIsBackIsSoonBelieved() {
    allGet(old(marked(3, 1)), 6, 1000);
    assertThat(set(old(marked(3, 1)).each(pod -> pod.nodeTimeout = 1000))).isEmpty();
    allGet(old(marked(20, 1)), 40, 2000);
  }

  @Test
  void notWhereManyWouldTalkForThat() {
    assertThat(set(old(marked(30, 1)))).isEmpty();
    allGet(old(marked(30, 1)).each(pod -> pod.nodeTimeout = 1000), 60, 5000);
  }

  @Test
  void notWhereServersTakeLongToAnswer() {
    Views views = old(marked(3, 1));
    views.load = new ServerLoad(Duration.ofMillis(600), Duration.ZERO);
    assertThat(set(views)).isEmpty();

    allGet(views.each(pod -> pod.nodeTimeout = 1000), 6, 5000);
  }

  @Test
  void notForEver() {
    Views views = old(marked(3, 1));
    views.load = new ServerLoad(Duration.ZERO, Duration.ofSeconds(31));
    assertThat(set(views)).isEmpty();

    allGet(views.each(pod -> pod.nodeTimeout = 1000), 6, 5000);
  }

  /** A mark takes a majority: they have missed each other, for want of time. */
  @Test
  void notWhereMostAreMarkedByEachOther() {
    Views views = old(marked(3, 1)).marked(1, 0, Flag.FAIL);
    assertThat(set(views)).isEmpty();
    allGet(views.each(pod -> pod.nodeTimeout = 1000), 6, 5000);
  }

  /** Servers of Valkey 9 mark each other at once where addresses have changed hands. */
  @Test
  void unlessTheyHaveJustBeenStarted() {
    allGet(marked(3, 1).marked(1, 0, Flag.FAIL), 6, 1000);
  }
}
