package io.slotkeeper.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.testing.TestCluster;
import io.slotkeeper.testing.TestCluster.TestNamespace;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the API server says to the files in {@code validation/}. A file with two documents is an
 * object and its update; only the first of two is really created, and it is halted.
 */
@Tag("kubernetes")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ValidationTest {

  private static final String MANAGER = "validation-test";

  private final TestNamespace namespace;
  private final KubernetesClient client;

  ValidationTest() {
    namespace = TestCluster.get().namespace("validation");
    client = namespace.client();
  }

  @AfterAll
  void removeNamespace() {
    namespace.close();
  }

  static Stream<Path> valid() {
    return ValidationFiles.named("valid-");
  }

  static Stream<Path> invalid() {
    return ValidationFiles.named("invalid-");
  }

  @ParameterizedTest
  @MethodSource("valid")
  void accepts(Path file) {
    assertThat(submit(ValidationFiles.documents(file)).getMetadata().getName()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void refuses(Path file) {
    assertThatExceptionOfType(KubernetesClientException.class)
        .isThrownBy(() -> submit(ValidationFiles.documents(file)))
        .withMessageContaining(ValidationFiles.expectedMessage(file));
  }

  @Test
  void fillsInDefaults() {
    GenericKubernetesResource answer =
        submit(ValidationFiles.documents(ValidationFiles.file("valid-minimal.yaml")));

    assertThat(answer.<Object>get("spec"))
        .isEqualTo(
            Serialization.unmarshal(
                """
                version: "7.0"
                mode: Cluster
                cluster: {master: 3, replicas: 0, balanceBy: Slots}
                storageType: Ephemeral
                terminationPolicy: Pause
                updateStrategy: {type: RollingUpdate}
                halted: false
                """,
                Object.class));
  }

  @Test
  void fillsInTheSizeOfOneServer() {
    GenericKubernetesResource answer =
        submit(ValidationFiles.documents(ValidationFiles.file("valid-standalone-minimal.yaml")));

    assertThat(answer.<Object>get("spec", "cluster")).isNull();
    assertThat(answer.<Object>get("spec", "standalone")).isNull();
  }

  /** {@code kubectl scale} sets masters, and in mode Standalone there is no number of them. */
  @Test
  void standaloneHasNoMastersToScale() {
    Redis single =
        Serialization.unmarshal(
            """
            apiVersion: slotkeeper.io/v1alpha1
            kind: Redis
            metadata: {name: single}
            spec:
              halted: true
              version: "7.0"
              mode: Standalone
              storage: {resources: {requests: {storage: 64Mi}}}
            """,
            Redis.class);
    var redis = client.resources(Redis.class).inNamespace(namespace.name()).resource(single);
    redis.create();

    assertThatExceptionOfType(KubernetesClientException.class).isThrownBy(() -> redis.scale(3));
    assertThat(redis.get().getSpec().cluster()).isNull();
  }

  /** kubectl asks for strict validation by itself; what does not ask loses the field in silence. */
  @Test
  void dropsAnUnknownFieldUnlessAskedToBeStrict() {
    var resource =
        inNamespace(
            ValidationFiles.documents(ValidationFiles.file("invalid-unknown-field.yaml"))
                .getFirst());

    var answer = client.resource(resource).dryRun().create();

    assertThat(answer.<Object>get("spec", "clutser")).isNull();
  }

  /** {@code kubectl scale rd/small --replicas=5}. */
  @Test
  void scalesByTheNumberOfMasters() {
    Redis small =
        Serialization.unmarshal(
            """
            apiVersion: slotkeeper.io/v1alpha1
            kind: Redis
            metadata: {name: scaled}
            spec:
              halted: true
              version: "7.0"
              mode: Cluster
              cluster: {master: 3}
              storage: {resources: {requests: {storage: 64Mi}}}
            """,
            Redis.class);
    var redis = client.resources(Redis.class).inNamespace(namespace.name()).resource(small);
    redis.create();

    redis.scale(5);

    assertThat(redis.get().getSpec().requireCluster().master()).isEqualTo(5);
  }

  private GenericKubernetesResource submit(List<GenericKubernetesResource> documents) {
    var before = inNamespace(documents.getFirst());
    if (documents.size() == 1) {
      return client
          .resource(before)
          .dryRun()
          .fieldValidation(FieldValidateable.Validation.STRICT)
          .create();
    }
    var created = client.resource(before).fieldManager(MANAGER).serverSideApply();
    try {
      return client
          .resource(inNamespace(documents.get(1)))
          .dryRun()
          .fieldManager(MANAGER)
          .serverSideApply();
    } finally {
      client.resource(created).delete();
    }
  }

  private GenericKubernetesResource inNamespace(GenericKubernetesResource resource) {
    if (!resource.getKind().equals("RedisVersion")) {
      resource.getMetadata().setNamespace(namespace.name());
    }
    return resource;
  }
}
