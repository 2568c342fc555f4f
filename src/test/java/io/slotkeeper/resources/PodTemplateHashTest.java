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
                "tutorial", "0a9da76e6cf004fd",
                "ephemeral-no-auth-one-shard", "1f2cef9601ccd9b8",
                "everything-set", "1c85f08ae73de8b2",
                "valkey", "bab3bf04108805a1",
                "standalone", "e91d13f41b51d66a",
                "standalone-replicas", "c40628e525a28cb9",
                "sentinel", "c40628e525a28cb9", // the same: it may get Sentinels while it runs
                "standalone-ephemeral-no-auth", "976a6734c59b17f7"));
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
