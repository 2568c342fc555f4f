package io.slotkeeper.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.slotkeeper.testing.TestCluster;
import io.slotkeeper.testing.TestCluster.TestNamespace;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The API server takes what the chart makes, in a namespace under Pod Security restricted. */
@Tag("kubernetes")
class ApiServerTest {

  private static final PatchContext DRY_RUN =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("chart-test")
          .withForce(true)
          .withDryRun(List.of("All"))
          .build();

  private final KubernetesClient client = TestCluster.get().client();
  private final TestNamespace namespace = TestCluster.get().namespace("chart");

  @AfterEach
  void deleteNamespace() {
    namespace.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "namespaced", "everything"})
  void takesEachObject(String example) {
    List<HasMetadata> objects = objects(example);

    // A field that the kind does not have is an error here, not dropped.
    assertThat(objects).hasSizeGreaterThan(15).allSatisfy(this::applyDry);
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "namespaced", "everything"})
  void admitsThePods(String example) {
    var template =
        objects(example).stream()
            .filter(Deployment.class::isInstance)
            .map(object -> ((Deployment) object).getSpec().getTemplate())
            .findFirst()
            .orElseThrow();

    applyDry(
        new PodBuilder()
            .withMetadata(template.getMetadata())
            .withSpec(template.getSpec())
            .editMetadata()
            .withName("operator")
            .withNamespace(namespace.name())
            .endMetadata()
            .editSpec()
            // There is none of that name: nothing was created.
            .withServiceAccountName(null)
            .endSpec()
            .build());
  }

  private List<HasMetadata> objects(String example) {
    var result =
        Helm.template(
            namespace.name(),
            namespace.name(),
            "--values",
            Chart.CASES.resolve(example).resolve("values.yaml").toString(),
            // Their kinds come from the Prometheus Operator, which is not there.
            "--set",
            "serviceMonitor.enabled=false,monitoring.rules.enabled=false",
            "--set",
            example.equals("default")
                ? "replicas=2"
                : "settings.watchNamespaces={" + namespace.name() + "}");
    assertThat(result.succeeded()).as(result.output()).isTrue();
    return Chart.objects(result.output());
  }

  private void applyDry(HasMetadata object) {
    client.resource(object).patch(DRY_RUN);
  }
}
