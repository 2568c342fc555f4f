package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.api.Redis;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpecWarningsTest {

  private static List<Problem> of(String spec) {
    return warnings("mode: Cluster, cluster: {master: 3}, storageType: Durable, " + spec);
  }

  private static List<Problem> warnings(String spec) {
    Redis redis = Serialization.unmarshal("spec: {version: v, %s}".formatted(spec), Redis.class);
    return SpecWarnings.of(redis.getSpec(), Optional.empty(), Optional.empty());
  }

  @Test
  void variablesThatAreLeftOutAreNamed() {
    String env = "{name: PATH, value: /tmp}, {name: TZ, value: UTC}, {name: LD_PRELOAD, value: x}";

    assertThat(of("podTemplate: {spec: {env: [%s]}}".formatted(env)))
        .singleElement()
        .returns(Reason.VariableReserved, Problem::reason)
        .extracting(Problem::message)
        .asString()
        .contains("sets PATH, LD_PRELOAD,");
    assertThat(of("podTemplate: {spec: {env: [{name: TZ, value: UTC}]}}")).isEmpty();
  }

  @Test
  void noVoteIsMissedWhereThereIsNone() {
    assertThat(warnings("mode: Cluster, cluster: {master: 1}"))
        .extracting(Problem::reason)
        .containsExactly(Reason.FewMasters);
    assertThat(warnings("mode: Standalone")).isEmpty();
  }

  @Test
  void theOnlyCopyInAPodIsWarnedOfInEachMode() {
    assertThat(warnings("mode: Standalone, storageType: Ephemeral"))
        .extracting(Problem::reason)
        .containsExactly(Reason.NoCopies);
    assertThat(warnings("mode: Standalone, standalone: {replicas: 1}, storageType: Ephemeral"))
        .isEmpty();
  }
}
