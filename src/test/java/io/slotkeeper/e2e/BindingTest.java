package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.slotkeeper.api.BindingStatus;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The application of examples/binding connects with a mounted binding and nothing else. It runs on
 * the Java runtime, and with the Lettuce, of the operator's image.
 */
@OnCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BindingTest {
  private static final String PROGRAM = "application";
  private static final String PASSWORD = "p@ss w\"ord'\\ $(id) #ü:%+/?";

  private final Space space;

  BindingTest(Space space) {
    this.space = space;
  }

  @BeforeAll
  void compileTheApplication(@TempDir Path classes) throws IOException {
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "-d",
                classes.toString(),
                "examples/binding/Application.java");
    assertThat(result).as("javac").isZero();
    Map<String, String> files = new HashMap<>();
    try (Stream<Path> compiled = Files.list(classes)) {
      for (Path file : compiled.toList()) {
        files.put(
            file.getFileName().toString(),
            Base64.getEncoder().encodeToString(Files.readAllBytes(file)));
      }
    }
    space
        .client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(PROGRAM)
                .endMetadata()
                .withBinaryData(files)
                .build())
        .inNamespace(space.name())
        .create();
    space
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("brought")
                .endMetadata()
                .addToStringData("password", PASSWORD)
                .build())
        .inNamespace(space.name())
        .create();
  }

  @Test
  void anApplicationFindsACluster() {
    TestRedis redis =
        space.create("many", "{cluster: {replicas: 1}, auth: {secretRef: {name: brought}}}");
    redis.awaitRunning();

    assertThat(application(redis)).isEqualTo("100 keys written and read: cluster");
    redis.delete();
  }

  @Test
  void anApplicationFindsAPrimary() {
    TestRedis redis =
        space.create(
            "one",
            "{mode: Standalone, standalone: {replicas: 1}, auth: {secretRef: {name: brought}}}");
    redis.awaitRunning();

    assertThat(application(redis)).isEqualTo("100 keys written and read: primary");
    redis.delete();
  }

  @Test
  void anApplicationAsksSentinels() {
    TestRedis redis =
        space.create("watched", "{mode: Sentinel, auth: {secretRef: {name: brought}}}");
    redis.awaitRunning();

    assertThat(application(redis)).isEqualTo("100 keys written and read: master watched");
    redis.delete();
  }

  @Test
  void anApplicationNeedsNoPasswordWhereThereIsNone() {
    TestRedis redis = space.create("open", "{cluster: {replicas: 0}, auth: {disabled: true}}");
    redis.awaitRunning();

    assertThat(keys("open-binding")).doesNotContain("password", "username").contains("uri");
    assertThat(application(redis)).isEqualTo("100 keys written and read: cluster");
    redis.delete();
  }

  @Test
  void whatAnApplicationHasUnderThatNameStays() {
    space
        .kubectl("create", "secret", "generic", "shop-binding", "--from-literal=password=theirs")
        .orFail();
    String before = version("shop-binding");
    TestRedis redis = space.create("shop", "{}").awaitRunning();

    redis.awaitCondition(ConditionType.ConfigurationWarning, true, Reason.BindingNameTaken);
    assertThat(redis.status().orElseThrow().binding()).isNull();
    assertThat(version("shop-binding")).isEqualTo(before);

    space.kubectl("delete", "secret", "shop-binding").orFail();
    awaitAsserted(() ->
        assertThat(redis.status().orElseThrow().binding())
            .isEqualTo(new BindingStatus("shop-binding")));
    assertThat(keys("shop-binding")).contains("password", "cluster.nodes");
    redis.delete();
    awaitAsserted(
        () -> assertThat(space.kubectl("get", "secret", "shop-binding").succeeded()).isFalse());
  }

  @Test
  void whatIsChangedInItIsPutRight() {
    TestRedis redis = space.create("edited", "{cluster: {master: 1}}").awaitRunning();
    String before = data("edited-binding");

    space
        .kubectl(
            "patch",
            "secret",
            "edited-binding",
            "--type=merge",
            "-p",
            "{\"data\":{\"password\":\"bm8=\",\"host\":\"bm8=\"}}")
        .orFail();

    awaitAsserted(() -> assertThat(data("edited-binding")).isEqualTo(before));
    redis.delete();
  }

  /** What it printed, run to its end in a pod. */
  private String application(TestRedis redis) {
    String secret = redis.status().map(RedisStatus::binding).map(BindingStatus::name).orElseThrow();
    String image =
        space.operator().pods().getFirst().getSpec().getContainers().getFirst().getImage();
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("app-" + redis.name())
            .endMetadata()
            .withNewSpec()
            .withRestartPolicy("Never")
            .withNewSecurityContext()
            .withRunAsNonRoot(true)
            .withRunAsUser(65532L)
            .withNewSeccompProfile()
            .withType("RuntimeDefault")
            .endSeccompProfile()
            .endSecurityContext()
            .addNewContainer()
            .withName("app")
            .withImage(image)
            .withCommand("/opt/java/bin/java", "-cp", "/opt/slotkeeper/lib/*:/app", "Application")
            .withArgs("redis")
            .addNewEnv()
            .withName("SERVICE_BINDING_ROOT")
            .withValue("/bindings")
            .endEnv()
            .withNewSecurityContext()
            .withAllowPrivilegeEscalation(false)
            .withNewCapabilities()
            .withDrop("ALL")
            .endCapabilities()
            .endSecurityContext()
            .addNewVolumeMount()
            .withName("binding")
            .withMountPath("/bindings/redis")
            .endVolumeMount()
            .addNewVolumeMount()
            .withName("program")
            .withMountPath("/app")
            .endVolumeMount()
            .endContainer()
            .addNewVolume()
            .withName("binding")
            .withNewSecret()
            .withSecretName(secret)
            .endSecret()
            .endVolume()
            .addNewVolume()
            .withName("program")
            .withNewConfigMap()
            .withName(PROGRAM)
            .endConfigMap()
            .endVolume()
            .endSpec()
            .build();
    space.client().resource(pod).inNamespace(space.name()).create();
    String name = pod.getMetadata().getName();
    awaitAsserted(() ->
        assertThat(space.pod(name).getStatus().getPhase())
            .as(() -> space.kubectl("logs", name).output())
            .isIn("Succeeded", "Failed"));
    String log = space.kubectl("logs", name).orFail();
    assertThat(space.pod(name).getStatus().getPhase()).as(log).isEqualTo("Succeeded");
    return log.lines().filter(line -> line.contains("keys written")).findFirst().orElse(log);
  }

  private List<String> keys(String secret) {
    return List.copyOf(
        space
            .client()
            .secrets()
            .inNamespace(space.name())
            .withName(secret)
            .require()
            .getData()
            .keySet());
  }

  private String data(String secret) {
    return space.kubectl("get", "secret", secret, "-o", "jsonpath={.data}").orFail();
  }

  private String version(String secret) {
    return space
        .kubectl("get", "secret", secret, "-o", "jsonpath={.metadata.resourceVersion}")
        .orFail();
  }
}
