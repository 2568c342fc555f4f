package io.slotkeeper.model;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.NodeAffinity;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a pod demands of its Kubernetes node. Free capacity and other pods are not considered.
 *
 * @param nodeSelector labels that the node has
 * @param terms of the required node affinity: one of them holds; empty where there is none
 * @param tolerations of taints
 */
public record SchedulingConstraints(
    Map<String, String> nodeSelector, List<NodeSelectorTerm> terms, List<Toleration> tolerations) {

  /** Any node that takes pods. */
  public static final SchedulingConstraints ANYWHERE =
      new SchedulingConstraints(Map.of(), List.of(), List.of());

  public SchedulingConstraints {
    nodeSelector = Map.copyOf(nodeSelector);
    terms = List.copyOf(terms);
    tolerations = List.copyOf(tolerations);
  }

  public static SchedulingConstraints of(PodSpec spec) {
    return new SchedulingConstraints(
        spec.getNodeSelector() == null ? Map.of() : spec.getNodeSelector(),
        Optional.ofNullable(spec.getAffinity())
            .map(Affinity::getNodeAffinity)
            .map(NodeAffinity::getRequiredDuringSchedulingIgnoredDuringExecution)
            .map(NodeSelector::getNodeSelectorTerms)
            .orElse(List.of()),
        spec.getTolerations());
  }

  /** Whether the scheduler may put the pod there. */
  public boolean allows(KubernetesNode node) {
    return node.schedulable()
        && node.labels().entrySet().containsAll(nodeSelector.entrySet())
        && (terms.isEmpty() || terms.stream().anyMatch(term -> holds(term, node)))
        && node.taints().stream().allMatch(this::tolerates);
  }

  private boolean tolerates(Taint taint) {
    return "PreferNoSchedule".equals(taint.getEffect())
        || tolerations.stream().anyMatch(toleration -> tolerates(toleration, taint));
  }

  /** Toleration.ToleratesTaint of Kubernetes. */
  private static boolean tolerates(Toleration toleration, Taint taint) {
    boolean effect =
        isEmpty(toleration.getEffect()) || toleration.getEffect().equals(taint.getEffect());
    boolean exists = "Exists".equals(toleration.getOperator());
    boolean key =
        isEmpty(toleration.getKey()) ? exists : toleration.getKey().equals(taint.getKey());
    return effect && key && (exists || text(toleration.getValue()).equals(text(taint.getValue())));
  }

  /** A term without any requirement matches no node. */
  private static boolean holds(NodeSelectorTerm term, KubernetesNode node) {
    return !(term.getMatchExpressions().isEmpty() && term.getMatchFields().isEmpty())
        && term.getMatchExpressions().stream()
            .allMatch(need -> holds(need, node.labels().get(need.getKey())))
        && term.getMatchFields().stream()
            .allMatch(need -> "metadata.name".equals(need.getKey()) && holds(need, node.name()));
  }

  private static boolean holds(NodeSelectorRequirement need, @Nullable String value) {
    return switch (text(need.getOperator())) {
      case "In" -> value != null && need.getValues().contains(value);
      case "NotIn" -> value == null || !need.getValues().contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      case "Gt" -> compare(value, need) > 0;
      case "Lt" -> compare(value, need) < 0;
      default -> false;
    };
  }

  /** 0, which is neither greater nor less, where one of the two is no number. */
  private static int compare(@Nullable String value, NodeSelectorRequirement need) {
    try {
      return Long.compare(Long.parseLong(text(value)), Long.parseLong(need.getValues().getFirst()));
    } catch (NumberFormatException | NoSuchElementException e) {
      return 0;
    }
  }

  private static boolean isEmpty(@Nullable String text) {
    return text == null || text.isEmpty();
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
