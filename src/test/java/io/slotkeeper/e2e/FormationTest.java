package io.slotkeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From nothing to a cluster, in every size and on every server. */
@OnCluster
class FormationTest {
  private final Space space;

  FormationTest(Space space) {
    this.space = space;
  }

  @ParameterizedTest(name = "{0} masters with {1} replicas each, {2}")
  @CsvSource({
    "1, 0, 7.0",
    "1, 1, 7.0",
    "2, 1, 7.0",
    "3, 2, 7.0",
    "6, 1, 7.0",
    "30, 0, 7.0",
    "3, 1, 8.0",
    "3, 1, 8.6",
    "3, 1, valkey-8.1",
    "3, 1, valkey-9.1",
  })
  void becomesACluster(int masters, int replicas, String version) {
    TestRedis redis =
        space.create(
            "f%d-%d-%s".formatted(masters, replicas, version.replace('.', '-')),
            "{version: '%s', cluster: {master: %d, replicas: %d}}"
                .formatted(version, masters, replicas));

    redis.awaitRunning().assertSound(masters, replicas);

    redis.fill(100);
    redis.assertFilled(100, redis.cli(masters - 1, replicas));
    for (int shard = 0; shard < masters; shard++) {
      String prefix = redis.name() + "-shard" + shard + "-";
      assertThat(
              redis.pods().stream()
                  .filter(pod -> pod.getMetadata().getName().startsWith(prefix))
                  .map(FormationTest::machine)
                  .collect(Collectors.toSet()))
          .as("a shard's pods are on different nodes")
          .hasSize(1 + replicas);
    }
    redis.delete();
  }

  private static String machine(Pod pod) {
    return pod.getSpec().getNodeName();
  }
}
