package io.slotkeeper.mode.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.Finding;
import io.slotkeeper.model.Finding.Kind;
import io.slotkeeper.redis.RedisUnavailableException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FindingsTest {

  private static List<String> messages(Views views, Kind kind) {
    return views.plan().findings().stream()
        .filter(finding -> finding.kind() == kind)
        .map(Finding::message)
        .toList();
  }

  @Test
  void aMasterThatIsBusyIsNotDead() {
    Views views =
        Views.formed(3, 1).with(0, 0, pod -> pod.silent(RedisUnavailableException.Kind.BUSY));
    assertThat(views.plan().actions()).isEmpty();
    assertThat(messages(views, Kind.BUSY)).hasSize(1);
    assertThat(messages(views, Kind.MASTER_DOWN))
        .containsExactly("The master of slots 0-5460 (pod x-shard0-0) cannot serve them now.");
  }

  @Test
  void mastersThatAnswerWithAnErrorStillVote() {
    Views views =
        Views.formed(3, 1)
            .with(0, 0, pod -> pod.silent(RedisUnavailableException.Kind.BUSY))
            .with(1, 0, pod -> pod.silent(RedisUnavailableException.Kind.MAX_CLIENTS));
    assertThat(messages(views, Kind.MAJORITY_LOST)).isEmpty();
    views.with(1, 0, pod -> pod.silent(RedisUnavailableException.Kind.TIMEOUT));
    views.with(2, 0, pod -> pod.silent(RedisUnavailableException.Kind.TIMEOUT));
    assertThat(messages(views, Kind.MAJORITY_LOST))
        .singleElement()
        .asString()
        .startsWith("2 of 3 masters are away");
  }

  @Test
  void aMasterThatLoadsSaysHowFarItIs() {
    Views views =
        Views.formed(3, 1).with(0, 0, pod -> pod.silent(RedisUnavailableException.Kind.LOADING));
    assertThat(messages(views, Kind.WAITING)).singleElement().asString().contains("is loading");
  }

  /** To follow one message for each of them would delete every copy. */
  @Test
  void copiesOfOneNodeAreOneFinding() {
    Views views = Views.formed(3, 1);
    views.replaced(0, 1, 1);
    views.pod(0, 1).keys = 7;
    assertThat(messages(views, Kind.FOREIGN_NODE))
        .singleElement()
        .asString()
        .contains("Pods x-shard0-0 and x-shard0-1 hold the same node", "of the other");
  }

  @Test
  void onlyClaimsThatExistAreToBeDeleted() {
    Views views = Views.formed(3, 1);
    views.replaced(0, 1, 99);
    views.pod(0, 1).keys = 7;
    assertThat(messages(views, Kind.FOREIGN_NODE))
        .singleElement()
        .asString()
        .contains("delete the claim data-x-shard0-1 and then the pod", "Only if you know");
    assertThat(messages(views.withoutClaim(0, 1), Kind.FOREIGN_NODE))
        .singleElement()
        .asString()
        .contains("delete the pod, which loses it")
        .doesNotContain("claim", "annotate");
  }

  @Test
  void storageCanBeRaisedOnlyWhereThereIsSome() {
    Views views =
        Views.formed(3, 1).with(0, 0, pod -> pod.diskError = "rdb_last_bgsave_status:err");
    assertThat(messages(views, Kind.DISK))
        .singleElement()
        .asString()
        .contains("kubectl logs x-shard0-0", "spec.storage.resources.requests.storage");
    assertThat(messages(views.withoutClaim(0, 0), Kind.DISK))
        .singleElement()
        .asString()
        .contains("disk of its Kubernetes node")
        .doesNotContain("spec.storage");
  }
}
