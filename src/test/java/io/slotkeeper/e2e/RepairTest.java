package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Reason;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/failure-modes.md promises where data or the identity of a node gets lost. */
@OnCluster
class RepairTest {
  private static final int KEYS = 300;

  private final Space space;

  RepairTest(Space space) {
    this.space = space;
  }

  @Test
  void aLostShardIsReplacedOnlyWhenTheUserGivesItsDataUp() {
    TestRedis redis = space.create("loss", "{cluster: {replicas: 1}}").awaitRunning();
    redis.fill(KEYS);
    // The replica may be promoted before its pod goes, too.
    List<String> ids = List.of(redis.cli(0, 0).self().id(), redis.cli(0, 1).self().id());
    List<String> pods = List.of(redis.pod(0, 0), redis.pod(0, 1));
    pods.forEach(pod -> space.kubectl("delete", "pvc", "data-" + pod, "--wait=false").orFail());
    space
        .kubectl("delete", "pod", pods.get(0), pods.get(1), "--grace-period=0", "--force")
        .orFail();

    redis.awaitCondition(ConditionType.Ready, false, Reason.ShardLost);
    Pattern command = Pattern.compile("`kubectl -n \\S+ (annotate rd loss [^`]+=([0-9a-f]+))`");
    String[] found = new String[2];
    awaitAsserted(() -> {
      String message = redis.condition(ConditionType.Ready).orElseThrow().getMessage();
      assertThat(message).contains("data of slots 0-5460 is gone");
      Matcher matcher = command.matcher(message);
      assertThat(matcher.find()).as(message).isTrue();
      found[0] = matcher.group(1);
      found[1] = matcher.group(2);
      assertThat(message).contains("node " + found[1]);
    });
    String lost = found[1];
    assertThat(ids).contains(lost);
    assertThat(redis.cli(1, 0).nodes())
        .filteredOn(node -> node.id().equals(lost))
        .as("no other master has got its slots")
        .extracting(RedisCli.Node::slots)
        .containsExactly("0-5460");

    space.kubectl(found[0].split(" ")).orFail();

    redis.awaitRunning().assertSound(3, 1);
    assertThat(redis.events("LossAccepted")).isNotEmpty();
    assertThat(redis.cli(1, 0).nodes()).extracting(RedisCli.Node::id).doesNotContain(lost);
    redis.fill(KEYS);
    redis.assertFilled(KEYS, redis.cli(2, 0));
    redis.awaitCondition(ConditionType.ConfigurationWarning, true, Reason.NothingToAccept);
    space.kubectl("annotate", "rd", "loss", "slotkeeper.io/accept-data-loss-").orFail();
    redis.awaitCondition(ConditionType.ConfigurationWarning, false, Reason.NoWarning);
    redis.delete();
  }

  @Test
  void aMasterWithABrokenNodesConfGoesOnWithItsIdItsSlotsAndItsData() {
    TestRedis redis = space.create("torn", "{}").awaitRunning();
    redis.fill(KEYS);
    RedisCli.Node before = redis.cli(1, 0).self();
    redis
        .cli(1, 0)
        .exec("sh", "-c", "printf 'half a li' >/data/nodes.conf; redis-cli debug segfault");

    awaitAsserted(() -> {
      assertThat(redis.cli(1, 0).nodes())
          .filteredOn(RedisCli.Node::isMyself)
          .singleElement()
          .satisfies(after -> {
            assertThat(after.id()).isEqualTo(before.id());
            assertThat(after.slots()).isEqualTo(before.slots());
          });
      assertThat(redis.cli(1, 0).exec("sh", "-c", "ls /data")).contains("nodes.conf.broken-");
    });
    redis.awaitRunning().assertSound(3, 0);
    redis.assertFilled(KEYS, redis.cli(0, 0));
    redis.delete();
  }
}
