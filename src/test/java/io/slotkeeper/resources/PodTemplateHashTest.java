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
                "tutorial", "425cca88ed94b6ac",
                "cluster-tls", "37edcb0f952393b7",
                "sentinel-tls-allowed", "caae66ebedcd7562",
                "ephemeral-no-auth-one-shard", "9c50645b911a2be6",
                "everything-set", "fee31b03734d6941",
                "valkey", "dc101c7647e5b49d",
                "standalone", "87baa1d39d55aa5b",
                "standalone-replicas", "23b64c2260a2403c",
                "sentinel", "23b64c2260a2403c", // the same: it may get Sentinels while it runs
                "standalone-ephemeral-no-auth", "5186c077fe7b8b3d"));
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
            redis.tls(),
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
