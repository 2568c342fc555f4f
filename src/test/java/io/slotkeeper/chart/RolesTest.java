package io.slotkeeper.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the operator may do, in each of the rendered cases. */
class RolesTest {
  private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete");

  /** What is the operator's business whatever it is called. */
  private static final Set<String> OWN =
      Set.of(
          "leases",
          "events",
          "redises/status",
          "redisusers/status",
          "redises/finalizers",
          "redisbackups/status");

  @ParameterizedTest
  @ValueSource(strings = {"default", "namespaced", "everything"})
  void nothingIsAllowedWholesale(String example) {
    List<PolicyRule> rules = Chart.rendered(example).stream().flatMap(RolesTest::rules).toList();

    assertThat(rules)
        .isNotEmpty()
        .allSatisfy(rule -> {
          assertThat(rule.getApiGroups()).doesNotContain("*");
          assertThat(rule.getResources())
              .isNotEmpty()
              .noneMatch(resource -> resource.contains("*"));
          assertThat(rule.getVerbs()).doesNotContain("*", "escalate", "bind", "impersonate");
          assertThat(rule.getNonResourceURLs()).isEmpty();
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "namespaced", "everything"})
  void noOneGetsIntoAPod(String example) {
    assertThat(Chart.rendered(example).stream().flatMap(RolesTest::rules))
        .flatExtracting(PolicyRule::getResources)
        .doesNotContain(
            "pods/exec",
            "pods/attach",
            "pods/portforward",
            "pods/ephemeralcontainers",
            "nodes/proxy");
  }

  /** Server-side apply creates and changes by PATCH; a PUT would undo what others own. */
  @Test
  void onlyTheLeaseIsReplaced() {
    assertThat(operatorRules("default").filter(rule -> rule.getVerbs().contains("update")))
        .flatExtracting(PolicyRule::getResources)
        .containsExactlyInAnyOrder("leases", "redises/finalizers");
  }

  /** To list or watch some Secrets is to read all; and the garbage collector deletes what goes. */
  @ParameterizedTest
  @ValueSource(strings = {"default", "namespaced", "everything"})
  void secretsAreReadByNameAndNeverDeleted(String example) {
    assertThat(operatorRules(example).filter(rule -> rule.getResources().contains("secrets")))
        .isNotEmpty()
        .flatExtracting(PolicyRule::getVerbs)
        .containsOnly("get", "create", "patch");
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "namespaced", "everything"})
  void onlyWhatTheOperatorRemovesItselfCanBeDeleted(String example) {
    assertThat(operatorRules(example).filter(rule -> rule.getVerbs().contains("delete")))
        .flatExtracting(PolicyRule::getResources)
        .containsExactlyInAnyOrder(
            "statefulsets",
            "deployments",
            "services",
            "networkpolicies",
            "podmonitors",
            "poddisruptionbudgets",
            "pods",
            "persistentvolumeclaims");
  }

  /** A role knows kinds; this knows what belongs to a Redis. */
  @ParameterizedTest
  @ValueSource(strings = {"default", "namespaced", "everything"})
  void whatTheOperatorCanWriteIsBoundedByAnAdmissionPolicy(String example) {
    var bounded =
        only(ValidatingAdmissionPolicy.class, Chart.rendered(example))
            .filter(policy -> policy.getMetadata().getName().endsWith("-operator-bounds"))
            .flatMap(policy -> policy.getSpec().getMatchConstraints().getResourceRules().stream())
            .flatMap(rule -> rule.getResources().stream())
            .toList();

    assertThat(
            operatorRules(example)
                .filter(rule -> rule.getVerbs().stream().anyMatch(WRITES::contains))
                .flatMap(rule -> rule.getResources().stream())
                .filter(resource -> !OWN.contains(resource)))
        .isNotEmpty()
        .isSubsetOf(bounded);
  }

  @Test
  void aListOfNamespacesLeavesNoRightsInOthers() {
    var objects = Chart.rendered("namespaced");
    var everywhere =
        only(ClusterRoleBinding.class, objects)
            .map(binding -> binding.getRoleRef().getName())
            .toList();

    assertThat(everywhere).containsExactly("slotkeeper-cluster");
    assertThat(
            only(ClusterRole.class, objects)
                .filter(role -> everywhere.contains(role.getMetadata().getName()))
                .flatMap(RolesTest::rules))
        .allSatisfy(rule -> {
          assertThat(rule.getResources()).isSubsetOf("redisversions", "nodes");
          assertThat(rule.getVerbs()).isSubsetOf("list", "watch");
        });
    assertThat(only(RoleBinding.class, objects))
        .extracting(
            binding -> binding.getMetadata().getNamespace() + " " + binding.getRoleRef().getName())
        .containsExactlyInAnyOrder(
            "team-a slotkeeper-watched",
            "team-a slotkeeper-produced",
            "team-b slotkeeper-watched",
            "team-b slotkeeper-produced",
            "slotkeeper-system slotkeeper-lease",
            "kube-node-lease slotkeeper-heartbeats");
  }

  /** Roles with labels that aggregate are for users, the others for the operator. */
  private static Stream<PolicyRule> operatorRules(String example) {
    return Chart.rendered(example).stream()
        .filter(object ->
            object.getMetadata().getLabels().keySet().stream()
                .noneMatch(label -> label.startsWith("rbac.authorization.k8s.io/aggregate-to-")))
        .flatMap(RolesTest::rules);
  }

  private static Stream<PolicyRule> rules(HasMetadata object) {
    return switch (object) {
      case ClusterRole role -> role.getRules().stream();
      case Role role -> role.getRules().stream();
      default -> Stream.of();
    };
  }

  private static <T> Stream<T> only(Class<T> type, List<HasMetadata> objects) {
    return objects.stream().filter(type::isInstance).map(type::cast);
  }
}
