package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a server may start with while others run. */
class ServerConfigMapTest {
  private static final ConfigMap BEFORE =
      ServerConfigMap.of(ResolvedSpecTest.blueprint("config: {hz: '20', timeout: '5'}"));

  private static Map<String, String> over(ConfigMap before, String spec, String... accepted) {
    ConfigMap now =
        ServerConfigMap.over(
            before,
            ResolvedSpecTest.blueprint(spec),
            (name, value) -> Set.of(accepted).contains(name + "=" + value));
    return RedisConf.written(now.getData().getOrDefault("redis.conf", ""));
  }

  @Test
  void aValueThatNoServerHasTakenDoesNotReachTheFile() {
    String spec = "config: {hz: 'ten', timeout: '6', maxmemory: 512Mi}";

    assertThat(over(BEFORE, spec))
        .containsEntry("hz", "20")
        .containsEntry("timeout", "5")
        .doesNotContainKey("maxmemory");
    assertThat(over(BEFORE, spec, "timeout=6"))
        .containsEntry("hz", "20")
        .containsEntry("timeout", "6");
  }

  @Test
  void whatIsNoMoreWantedGoes() {
    assertThat(over(BEFORE, "config: {hz: '20'}"))
        .containsEntry("hz", "20")
        .doesNotContainKey("timeout");
  }

  @Test
  void whatServersHaveAlreadyIsNotTriedAgain() {
    // As an earlier version wrote it.
    ConfigMap old = new io.fabric8.kubernetes.api.model.ConfigMapBuilder(BEFORE).build();
    old.setData(
        new TreeMap<>(
            Map.of("redis.conf", "hash-max-ziplist-entries '12'\nhz \"20\"\nloadmodule \"x\n")));

    assertThat(over(old, "config: {hz: '20', hash-max-listpack-entries: '12'}"))
        .containsEntry("hz", "20")
        .containsEntry("hash-max-listpack-entries", "12")
        .doesNotContainKeys("loadmodule", "hash-max-ziplist-entries");
  }

  @Test
  void whatBelongsToTheOperatorNeedsNoServer() {
    assertThat(
            over(
                BEFORE,
                "config: {hz: '20', appendonly: 'yes', cluster-node-timeout: '3000'},"
                    + " podTemplate: {spec: {resources: {limits: {memory: 64Mi}}}}"))
        .containsEntry("appendonly", "yes")
        .containsEntry("cluster-node-timeout", "3000")
        .containsEntry("maxmemory", "50331648");
  }
}
