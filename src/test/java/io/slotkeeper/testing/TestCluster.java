package io.slotkeeper.testing;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The Kubernetes that tests tagged {@code kubernetes} run on: the one that {@code KUBECONFIG}
 * names, else K3s in a container where a Docker engine answers, else the native local cluster. The
 * CRDs of this source tree are installed in it once per JVM; they stay.
 */
public final class TestCluster {

  private static final String K3S_IMAGE = "rancher/k3s:v1.34.4-k3s1";
  private static final int REQUEST_TIMEOUT_MILLIS = 30_000;

  /** Found when first asked for, so that tests without a tag need no cluster. */
  private static final class Holder {
    private static final TestCluster INSTANCE = new TestCluster(find());
  }

  private final Path kubeconfig;
  private final Config config;
  private final KubernetesClient client;

  private TestCluster(Path kubeconfig) {
    this.kubeconfig = kubeconfig.toAbsolutePath();
    this.config =
        new ConfigBuilder(read(kubeconfig)).withRequestTimeout(REQUEST_TIMEOUT_MILLIS).build();
    this.client = newClient();
    installCrds();
  }

  public static TestCluster get() {
    return Holder.INSTANCE;
  }

  /** The variables by which programs such as kubectl find this cluster. */
  public Map<String, String> environment() {
    return Map.of("KUBECONFIG", kubeconfig.toString());
  }

  /** Shared by all tests of this JVM: not to be closed. */
  public KubernetesClient client() {
    return client;
  }

  /** The caller's own, to be closed. */
  public KubernetesClient newClient() {
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** A new namespace under Pod Security {@code restricted}, which goes when it is closed. */
  public TestNamespace namespace(String prefix) {
    String name = prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                .endMetadata()
                .build())
        .create();
    return new TestNamespace(client, name);
  }

  /** {@code close} asks for the deletion and does not wait for it. */
  public record TestNamespace(KubernetesClient client, String name) implements AutoCloseable {
    @Override
    public void close() {
      client.namespaces().withName(name).delete();
    }
  }

  private static Path find() {
    String kubeconfig = System.getenv("KUBECONFIG");
    if (kubeconfig != null && !kubeconfig.isBlank()) {
      return Path.of(kubeconfig);
    }
    if (DockerClientFactory.instance().isDockerAvailable()) {
      return k3s();
    }
    Path local = cache().resolve("slotkeeper/cluster/slotkeeper/kubeconfig");
    if (!Files.exists(local)) {
      throw new IllegalStateException(
          "no cluster to test on: KUBECONFIG is not set, no Docker engine answers and there is no"
              + " local cluster; start one with: dev/cluster/cluster up");
    }
    return local;
  }

  private static Path cache() {
    return Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
        .filter(directory -> !directory.isBlank())
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"));
  }

  private static Config read(Path kubeconfig) {
    try {
      Config config = Config.fromKubeconfig(Files.readString(kubeconfig));
      if (isEllipticKey(config.getClientKeyData())) {
        config.setClientKeyAlgo("EC");
      }
      return config;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the kubeconfig " + kubeconfig, e);
    }
  }

  /** fabric8 takes every key in PKCS #8 for an RSA key, unless the configuration says otherwise. */
  private static boolean isEllipticKey(@Nullable String pemInBase64) {
    if (pemInBase64 == null) {
      return false;
    }
    String pem = new String(Base64.getDecoder().decode(pemInBase64), StandardCharsets.US_ASCII);
    String body = pem.replaceAll("-----[A-Z ]+-----", "");
    try {
      var key = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body));
      return KeyFactory.getInstance("EC").generatePrivate(key).getAlgorithm().equals("EC");
    } catch (InvalidKeySpecException e) {
      return false;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Testcontainers removes it when the JVM has ended. */
  @SuppressWarnings("resource")
  private static Path k3s() {
    var k3s = new K3sContainer(DockerImageName.parse(K3S_IMAGE));
    k3s.start();
    try {
      Path kubeconfig = Files.createTempFile("kubeconfig-", ".yaml");
      kubeconfig.toFile().deleteOnExit();
      return Files.writeString(kubeconfig, k3s.getKubeConfigYaml());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void installCrds() {
    var kind =
        new ResourceDefinitionContext.Builder()
            .withGroup("apiextensions.k8s.io")
            .withVersion("v1")
            .withKind("CustomResourceDefinition")
            .withPlural("customresourcedefinitions")
            .withNamespaced(false)
            .build();
    for (String name :
        List.of(
            "redises.slotkeeper.io",
            "redisusers.slotkeeper.io",
            "redisversions.slotkeeper.io",
            "redisbackups.slotkeeper.io",
            "redisbackupstores.slotkeeper.io")) {
      var crd = readResource(Path.of("crds", name + ".yaml"));
      var resource = client.genericKubernetesResources(kind).resource(crd);
      resource.fieldManager("slotkeeper-tests").forceConflicts().serverSideApply();
      client
          .apiextensions()
          .v1()
          .customResourceDefinitions()
          .withName(name)
          .waitUntilCondition(TestCluster::isEstablished, 30, TimeUnit.SECONDS);
    }
  }

  /** An API server tells at first of a status whose conditions are null, not an empty list. */
  static boolean isEstablished(@Nullable CustomResourceDefinition found) {
    return Stream.ofNullable(found)
        .flatMap(crd -> Stream.ofNullable(crd.getStatus()))
        .flatMap(status -> Stream.ofNullable(status.getConditions()))
        .flatMap(List::stream)
        .anyMatch(c -> c.getType().equals("Established") && c.getStatus().equals("True"));
  }

  private static GenericKubernetesResource readResource(Path file) {
    try {
      return Serialization.unmarshal(Files.readString(file), GenericKubernetesResource.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
