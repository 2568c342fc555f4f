package io.slotkeeper.mode.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.observe.ServerLocations;
import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where servers may run is written down before anything is decided by it. */
class MemberRecordsTest {

  private static List<Action.RecordMembers> remembered(Views views) {
    return Actions.of(views.plan(), Action.RecordMembers.class);
  }

  private static ServerLocations trail(Views views, String pod) {
    assertThat(remembered(views)).hasSize(1);
    return remembered(views).getFirst().locations().getOrDefault(pod, ServerLocations.NONE);
  }

  @Test
  void nothingIsWrittenWhereNothingIsNew() {
    assertThat(remembered(Views.formed(2, 1))).isEmpty();
  }

  @Test
  void aServerThatAnswersIsWhereItsPodIs() {
    Views views = Views.formed(2, 1).ranOn(0, 0, "node-7", "node-8");

    assertThat(trail(views, "x-shard0-0"))
        .isEqualTo(new ServerLocations(Set.of("node-0"), Map.of()));
  }

  @Test
  void oneThatDoesNotAnswerMayAlsoBeWhereItWas() {
    Views views = Views.formed(2, 1).ranOn(0, 0, "node-7");
    views.with(0, 0, pod -> pod.silent(Kind.REFUSED));

    assertThat(trail(views, "x-shard0-0").nodes()).containsExactlyInAnyOrder("node-0", "node-7");
  }

  @Test
  void aMasterThatWasReplacedMayBeWhereItWas() {
    Views views = Views.formed(2, 1).ranOn(0, 0, "node-7").replaced(0, 0, 99);

    ServerLocations serverLocations = trail(views, "x-shard0-0");

    assertThat(serverLocations.nodes()).containsExactly("node-0");
    assertThat(serverLocations.replaced()).isEqualTo(Map.of(Views.id(1), Set.of("node-7")));
  }

  @Test
  void aReplicaThatWasReplacedOwnsNothingThatItCouldServe() {
    Views views = Views.formed(2, 1).replaced(0, 1, 99);

    assertThat(trail(views, "x-shard0-1").replaced()).isEmpty();
  }

  /** Otherwise it may have run on any machine, and one that is off would hinder a takeover. */
  @Test
  void whereALostMasterWasIsKeptWhileThoseThatKnowItDoNotAnswer() {
    Views views = Views.formed(2, 1).ranOn(0, 0, "node-7").replaced(0, 0, 99);
    List.of(views.pod(0, 1), views.pod(1, 0), views.pod(1, 1))
        .forEach(pod -> pod.silent(Kind.REFUSED));

    assertThat(trail(views, "x-shard0-0").replaced())
        .isEqualTo(Map.of(Views.id(1), Set.of("node-7")));
  }
}
