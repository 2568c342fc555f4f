package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.slotkeeper.api.Redis;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Runs the exporter. It reads its passwords when it starts, so it is replaced when they change:
 * without a gap, and it keeps nothing.
 */
public final class ExporterDeployment {

  /** The version of the Secret that the exporter has read: nothing that tells of its content. */
  private static final String PASSWORDS = Redis.GROUP + "/passwords";

  static final String PORT = "metrics";
  private static final String VOLUME = "passwords";
  private static final String DIRECTORY = "/etc/slotkeeper/exporter";

  /** Neither root nor the user of the servers. */
  private static final long USER = 65532;

  private ExporterDeployment() {}

  /**
   * @param passwords the Secret, as the API server has it
   */
  public static Deployment of(Exporter exporter, Secret passwords) {
    ResolvedSpec redis = exporter.redis();
    return new DeploymentBuilder()
        .withMetadata(exporter.metadata())
        .withNewSpec()
        .withReplicas(redis.halted() ? 0 : 1)
        .withRevisionHistoryLimit(1)
        .withNewSelector()
        .withMatchLabels(Labels.exporter(redis.name()))
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(Labels.ofExporterPods(redis.name()))
        .addToAnnotations(PASSWORDS, String.valueOf(passwords.getMetadata().getResourceVersion()))
        .endMetadata()
        .withSpec(pod(exporter))
        .endTemplate()
        .endSpec()
        .build();
  }

  private static PodSpec pod(Exporter exporter) {
    return new PodSpecBuilder()
        .withAutomountServiceAccountToken(false)
        // Variables of Services would be taken for settings: the exporter reads REDIS_….
        .withEnableServiceLinks(false)
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(USER)
        .withRunAsGroup(USER)
        .withFsGroup(USER)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .withImagePullSecrets(
            exporter.redis().podTemplate().spec().imagePullSecrets().stream()
                .map(secret -> new LocalObjectReference(secret.name()))
                .toList())
        .withContainers(container(exporter))
        .addNewVolume()
        .withName(VOLUME)
        .withNewSecret()
        .withSecretName(exporter.redis().names().exporter())
        .withDefaultMode(0440)
        .endSecret()
        .endVolume()
        .build();
  }

  private static Container container(Exporter exporter) {
    return new ContainerBuilder()
        .withName("exporter")
        .withImage(exporter.effectiveImage())
        .withArgs(arguments(exporter))
        .addNewPort()
        .withName(PORT)
        .withContainerPort(Ports.EXPORTER)
        .withProtocol("TCP")
        .endPort()
        .withReadinessProbe(probe(5))
        .withLivenessProbe(probe(20))
        .withResources(
            Objects.requireNonNullElseGet(
                exporter.wanted().exporter().resources(), ExporterDeployment::resources))
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .addNewVolumeMount()
        .withName(VOLUME)
        .withMountPath(DIRECTORY)
        .withReadOnly(true)
        .endVolumeMount()
        .build();
  }

  /** The operator's first: of the user's, the last one may lack its value. */
  private static List<String> arguments(Exporter exporter) {
    return Stream.concat(
            Stream.of(
                "-redis.addr=", // no server of its own: each scrape names one
                "-web.listen-address=:" + Ports.EXPORTER,
                "-redis.password-file=" + DIRECTORY + "/" + ExporterSecret.FILE,
                "-disable-exporting-key-values",
                "-connection-timeout=5s"),
            exporter.wanted().exporter().args().stream())
        .toList();
  }

  private static Probe probe(int seconds) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath("/health")
        .withNewPort(PORT)
        .endHttpGet()
        .withPeriodSeconds(seconds)
        .withTimeoutSeconds(5)
        .build();
  }

  private static ResourceRequirements resources() {
    return new ResourceRequirementsBuilder()
        .addToRequests("cpu", new Quantity("10m"))
        .addToRequests("memory", new Quantity("32Mi"))
        .addToLimits("memory", new Quantity("128Mi"))
        .build();
  }
}
