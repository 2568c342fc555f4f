package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.slotkeeper.api.Redis;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ForeignObjectsTest {
  private final List<String> notes = new ArrayList<>();
  private final ForeignObjects foreignObjects =
      new ForeignObjects((_, notices) -> notices.forEach(notice -> notes.add(notice.note())));

  @Test
  void eachIsReportedOnce() {
    foreignObjects.publish(redis("uid"), List.of());
    assertThat(notes).isEmpty();

    foreignObjects.publish(redis("uid"), List.of(pod("a")));
    foreignObjects.publish(redis("uid"), List.of(pod("a")));
    assertThat(notes).singleElement().asString().contains("Pod a.");

    foreignObjects.publish(redis("uid"), List.of(pod("a"), pod("b")));
    assertThat(notes.getLast()).contains("Pod b.").doesNotContain("Pod a");

    foreignObjects.publish(redis("another"), List.of(pod("a")));
    assertThat(notes).hasSize(3);
  }

  @Test
  void aThousandOfThemAreOneEvent() {
    foreignObjects.publish(
        redis("uid"), IntStream.range(0, 1000).mapToObj(i -> pod("p" + i)).toList());

    assertThat(notes).singleElement().asString().contains("and 992 more").hasSizeLessThan(300);
  }

  private static Redis redis(String uid) {
    Redis redis = new Redis();
    redis.getMetadata().setUid(uid);
    return redis;
  }

  private static HasMetadata pod(String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withUid(name + "-uid")
        .endMetadata()
        .build();
  }
}
