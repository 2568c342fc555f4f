package io.slotkeeper.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** As the scheduler of Kubernetes decides it. */
class SchedulingConstraintsTest {
  private static final Taint TAINT = new Taint("NoSchedule", "team", null, "blue");

  private static KubernetesNode host(Taint... taints) {
    return new KubernetesNode(
        "node-1", true, true, null, Map.of("disk", "ssd", "cores", "16"), List.of(taints));
  }

  private static boolean needs(String key, String operator, String... values) {
    NodeSelectorRequirement need = new NodeSelectorRequirement(key, operator, List.of(values));
    return affinity(new NodeSelectorTerm(List.of(need), List.of()));
  }

  private static boolean affinity(NodeSelectorTerm... terms) {
    return new SchedulingConstraints(Map.of(), List.of(terms), List.of()).allows(host());
  }

  private static boolean tolerates(Toleration... tolerations) {
    return new SchedulingConstraints(Map.of(), List.of(), List.of(tolerations)).allows(host(TAINT));
  }

  private static Toleration toleration(
      @Nullable String key,
      @Nullable String operator,
      @Nullable String value,
      @Nullable String effect) {
    Toleration toleration = new Toleration();
    toleration.setKey(key);
    toleration.setOperator(operator);
    toleration.setValue(value);
    toleration.setEffect(effect);
    return toleration;
  }

  @Test
  void allLabelsOfTheNodeSelectorAreThere() {
    assertThat(
            new SchedulingConstraints(Map.of("disk", "ssd"), List.of(), List.of()).allows(host()))
        .isTrue();
    assertThat(
            new SchedulingConstraints(Map.of("disk", "hdd"), List.of(), List.of()).allows(host()))
        .isFalse();
    assertThat(
            new SchedulingConstraints(Map.of("disk", "ssd", "gpu", "yes"), List.of(), List.of())
                .allows(host()))
        .isFalse();
  }

  @Test
  void operatorsOfTheNodeAffinity() {
    assertThat(needs("disk", "In", "ssd", "nvme")).isTrue();
    assertThat(needs("disk", "In", "hdd")).isFalse();
    assertThat(needs("gpu", "In", "yes")).isFalse();
    assertThat(needs("disk", "NotIn", "hdd")).isTrue();
    assertThat(needs("disk", "NotIn", "ssd")).isFalse();
    assertThat(needs("gpu", "NotIn", "yes")).isTrue();
    assertThat(needs("disk", "Exists")).isTrue();
    assertThat(needs("gpu", "Exists")).isFalse();
    assertThat(needs("gpu", "DoesNotExist")).isTrue();
    assertThat(needs("cores", "Gt", "8")).isTrue();
    assertThat(needs("cores", "Gt", "16")).isFalse();
    assertThat(needs("cores", "Lt", "32")).isTrue();
    assertThat(needs("disk", "Gt", "8")).isFalse();
    assertThat(needs("disk", "Resembles", "ssd")).as("of a newer Kubernetes").isFalse();
  }

  @Test
  void oneTermHoldsWithAllItsRequirements() {
    NodeSelectorTerm ssd =
        new NodeSelectorTerm(
            List.of(new NodeSelectorRequirement("disk", "In", List.of("ssd"))), List.of());
    NodeSelectorTerm never =
        new NodeSelectorTerm(
            List.of(
                new NodeSelectorRequirement("disk", "In", List.of("ssd")),
                new NodeSelectorRequirement("gpu", "Exists", List.of())),
            List.of());
    NodeSelectorTerm named =
        new NodeSelectorTerm(
            List.of(),
            List.of(new NodeSelectorRequirement("metadata.name", "In", List.of("node-2"))));

    assertThat(affinity(ssd, never)).isTrue();
    assertThat(affinity(never)).isFalse();
    assertThat(affinity(named)).isFalse();
    assertThat(affinity(new NodeSelectorTerm(List.of(), List.of()))).isFalse();
  }

  @Test
  void taintsAreTolerated() {
    assertThat(tolerates()).isFalse();
    assertThat(tolerates(toleration("team", "Equal", "blue", "NoSchedule"))).isTrue();
    assertThat(tolerates(toleration("team", null, "blue", null))).isTrue();
    assertThat(tolerates(toleration("team", "Equal", "red", "NoSchedule"))).isFalse();
    assertThat(tolerates(toleration("team", "Exists", null, null))).isTrue();
    assertThat(tolerates(toleration(null, "Exists", null, null))).isTrue();
    assertThat(tolerates(toleration("team", "Exists", null, "NoExecute"))).isFalse();
    assertThat(
            SchedulingConstraints.ANYWHERE.allows(
                host(new Taint("PreferNoSchedule", "team", null, "blue"))))
        .isTrue();
  }

  @Test
  void aNodeThatTakesNoPodsTakesNone() {
    assertThat(SchedulingConstraints.ANYWHERE.allows(new KubernetesNode("node-1", true, false)))
        .isFalse();
  }
}
