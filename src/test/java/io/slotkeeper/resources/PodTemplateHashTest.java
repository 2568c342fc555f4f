package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * An operator upgrade never restarts Redis. If a hash here changes, every pod of every user is
 * replaced by the next version of the operator: find another way, such as the scripts in the
 * ConfigMap.
 */
class PodTemplateHashTest {

  @Test
  void thePodTemplatesAreThoseOfTheFirstRelease() {
    Map<String, String> hashes = new TreeMap<>();
    Case.all().forEach(c -> hashes.put(c.toString(), SpecHash.of(template(c.blueprint()))));

    assertThat(hashes)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "tutorial", "112d1dc188f2e01c",
                "ephemeral-no-auth-one-shard", "e6e05898fe07b5fe",
                "everything-set", "6debce66716b49b9",
                "valkey", "d46256f2d1a561ca",
                "standalone", "6d85eac5e11b936d",
                "standalone-replicas", "8694d3c02c43bca9",
                "sentinel", "8694d3c02c43bca9", // the same: it may get Sentinels while it runs
                "standalone-ephemeral-no-auth", "361c0950c84f8bfa"));
  }

  @Test
  void whatAServerTakesWhileItRunsIsNoPartOfThePodTemplate() {
    ResolvedSpec redis = Case.named("tutorial").blueprint();
    Map<String, String> config = new TreeMap<>(redis.config());
    config.put("maxmemory-policy", "allkeys-lru");
    ResolvedSpec changed =
        new ResolvedSpec(
            redis.namespace(),
            redis.name(),
            redis.uid(),
            redis.mode(),
            redis.engine(),
            redis.engineVersion(),
            redis.image(),
            redis.shards() + 1,
            redis.replicasPerMaster() + 1,
            redis.storage(),
            redis.terminationPolicy(),
            redis.updateStrategy(),
            redis.authSecret(),
            redis.sentinel(),
            new TreeMap<>(config),
            redis.podTemplate(),
            redis.serviceTemplate(),
            true);

    assertThat(ServerConfigMap.of(changed)).isNotEqualTo(ServerConfigMap.of(redis));
    assertThat(template(changed)).isEqualTo(template(redis));
  }

  @Test
  void theOrderOfKeysDoesNotMatter() {
    assertThat(SpecHash.of(new TreeMap<>(Map.of("a", 1, "b", 2))))
        .isEqualTo(SpecHash.of(new TreeMap<>(Map.of("a", 1, "b", 2)).descendingMap()))
        .isNotEqualTo(SpecHash.of(Map.of("a", 1, "b", 3)));
  }

  private static PodTemplateSpec template(ResolvedSpec redis) {
    return ShardStatefulSet.of(redis, 0).getSpec().getTemplate();
  }
}
