package io.slotkeeper.mode.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.KubernetesNode;
import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Found by the simulation: with the majority on its machine a master went on serving while that was
 * cut off. When the machine was back, the servers there ended and were to start elsewhere, which
 * was taken for their death, and replicas without all those writes took over.
 */
class ReturningNodeTest {

  /** Two of three masters have been cut off for 20 s, and end now; one of them starts elsewhere. */
  private static Views back(int seconds) {
    Views views = Views.formed(3, 1).with(0, 0, pod -> pod.absent = true);
    views.with(1, 0, pod -> pod.silent(Kind.REFUSED).lost = true);
    for (int shard = 0; shard <= 1; shard++) {
      views.marked(shard, 0, Flag.FAIL);
      views.with(
          shard,
          1,
          pod -> {
            pod.linkUp = false;
            pod.linkDownSeconds = 20;
          });
    }
    views.ranOn(0, 0, "node-7").ranOn(1, 0, "node-7");
    return views.host(new KubernetesNode("node-7", true, true, Views.NOW.minusSeconds(seconds)));
  }

  private static List<Action.Takeover> takeovers(Views views) {
    return Actions.of(views.plan(), Action.Takeover.class);
  }

  @Test
  void noReplicaTakesOverFromThoseThatStartAgainThere() {
    assertThat(takeovers(back(5))).isEmpty();
  }

  @Test
  void butFromThoseThatHaveNotStartedForLong() {
    assertThat(takeovers(back(60))).hasSize(1);
  }

  @Test
  void andFromThoseThatAreGoneWithTheirVolumes() {
    Views views = back(5).withoutClaim(0, 0);
    views.replaced(1, 0, 99).pod(1, 0).silence = null;

    assertThat(takeovers(views)).hasSize(1);
  }

  /**
   * Found by the simulation: a copy that waited for it followed its address, which was another's.
   */
  @Test
  void andFromThoseWhoseDataWentWithTheirPods() {
    assertThat(takeovers(back(5).withoutClaim(0, 0).withoutClaim(1, 0))).hasSize(1);
  }

  /** It was linked until a moment ago, but with the master before, and lacks what came since. */
  @Test
  void aReplicaOfTheMasterBeforeWaits() {
    Views views = Views.formed(3, 2).with(0, 0, pod -> pod.silent(Kind.REFUSED).lost = true);
    for (int ordinal = 1; ordinal <= 2; ordinal++) {
      views.with(
          0,
          ordinal,
          pod -> {
            pod.linkUp = false;
            pod.linkDownSeconds = 0;
          });
    }
    views.knows(0, List.of(views.pod(0, 1).replicationId, "of its successor"));

    assertThat(Actions.of(views.plan(), Action.ForceFailover.class)).isEmpty();
    assertThat(Actions.of(views.marked(0, 0, Flag.FAIL).plan(), Action.ForceFailover.class))
        .hasSize(1);
  }
}
