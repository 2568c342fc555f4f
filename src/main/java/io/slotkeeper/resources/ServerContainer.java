package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.slotkeeper.api.PodTemplateSpec;
import io.slotkeeper.api.ReservedVariables;
import java.util.ArrayList;
import java.util.List;

/** The container of the server. Part of the pod template: see {@link ServerPod}. */
public final class ServerContainer {

  public static final String NAME = "redis";

  /** The name of a Sentinel's container. */
  public static final String SENTINEL = "sentinel";

  /** How many seconds the kubelet gives the pod; the stop script has the default. */
  private static final String GRACE = "SLOTKEEPER_GRACE_SECONDS";

  static final String CONFIG = "config";
  static final String RUN = "run";
  private static final String CONFIG_PATH = "/etc/slotkeeper";
  static final String SECRETS_PATH = CONFIG_PATH + "/secrets";

  /**
   * First the scripts, for {@code redis-cli} is one of them. A pod cannot add to the PATH of its
   * image, so these directories stand for that; {@code program.sh} looks into some more.
   */
  private static final String PATH =
      CONFIG_PATH + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private ServerContainer() {}

  /**
   * There is no liveness probe. The server is process 1: if it ends, the container does. A probe
   * cannot distinguish a hung server from one that loads its data, runs a long script or waits for
   * a disk, and killing such a one loses data and time; the other servers vote out a silent master.
   */
  static Container of(ResolvedSpec redis) {
    var user = redis.podTemplate().spec();
    return new ContainerBuilder()
        .withName(NAME)
        .withImage(redis.image())
        .withCommand("sh", CONFIG_PATH + "/" + ServerKind.START)
        .withPorts(redis.kind().ports().stream().map(ServerContainer::port).toList())
        .withEnv(environment(redis, user))
        .withResources(user.resources())
        .withSecurityContext(securityContext(user))
        .withStartupProbe(startupProbe(redis))
        .withReadinessProbe(readinessProbe())
        .withNewLifecycle()
        .withNewPreStop()
        .withNewExec()
        .withCommand("sh", CONFIG_PATH + "/" + ServerKind.STOP)
        .endExec()
        .endPreStop()
        .endLifecycle()
        // The last words of a server that does not start name the setting that it does not take.
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withVolumeMounts(
            mount(CONFIG, CONFIG_PATH),
            secrets(),
            mount(Names.DATA, "/data"),
            mount(RUN, "/run/slotkeeper"))
        .build();
  }

  /** What a container without data mounts: the scripts, secrets, and where its files are. */
  public static List<VolumeMount> mounts() {
    return List.of(mount(CONFIG, CONFIG_PATH), secrets(), mount(RUN, "/run/slotkeeper"));
  }

  /** Runs a script of the ConfigMap. */
  public static List<String> script(String name) {
    return List.of("sh", CONFIG_PATH + "/" + name);
  }

  /**
   * Costs nothing, so it asks every second and delays nothing. It never gives up: the start script
   * opens the port late where opening it could destroy data.
   */
  private static Probe startupProbe(ResolvedSpec redis) {
    return new ProbeBuilder()
        .withNewTcpSocket()
        .withPort(
            redis.tls().hasPlainPort()
                ? new IntOrString(Ports.CLIENT_NAME)
                : new IntOrString(Ports.CLIENT_TLS))
        .endTcpSocket()
        .withPeriodSeconds(1)
        .withTimeoutSeconds(1)
        .withFailureThreshold(7 * 24 * 60 * 60)
        .build();
  }

  /**
   * Whether clients should be sent here, and whether a node drain may take another pod of the
   * shard: the script, which can change without a restart, defines what that means. Each run starts
   * processes in the container, some tens of milliseconds of CPU, which is why it is not more
   * often; no part of the operator waits for it.
   */
  private static Probe readinessProbe() {
    return new ProbeBuilder()
        .withNewExec()
        .withCommand("sh", CONFIG_PATH + "/" + ServerKind.READY)
        .endExec()
        .withPeriodSeconds(10)
        .withTimeoutSeconds(5)
        .withFailureThreshold(2)
        .build();
  }

  /** Of a container, with what the user adds. */
  public static SecurityContext securityContext(PodTemplateSpec user) {
    SecurityContext own =
        new SecurityContextBuilder()
            .withAllowPrivilegeEscalation(false)
            .withReadOnlyRootFilesystem(true)
            .withNewCapabilities()
            .withDrop("ALL")
            .endCapabilities()
            .build();
    return MergePatch.of(own, user.containerSecurityContext(), SecurityContext.class);
  }

  /** What the scripts of a container need, and what the user adds. */
  public static List<EnvVar> environment(ResolvedSpec redis, PodTemplateSpec user) {
    List<EnvVar> own = new ArrayList<>();
    own.add(
        new EnvVarBuilder()
            .withName("POD_IP")
            .withNewValueFrom()
            .withNewFieldRef()
            .withFieldPath("status.podIP")
            .endFieldRef()
            .endValueFrom()
            .build());
    own.add(new EnvVarBuilder().withName("PATH").withValue(PATH).build());
    if (user.terminationGracePeriodSeconds() != null) {
      String seconds = user.terminationGracePeriodSeconds().toString();
      own.add(new EnvVarBuilder().withName(GRACE).withValue(seconds).build());
    }
    user.env().stream()
        .filter(variable -> !ReservedVariables.contains(variable.getName()))
        .forEach(own::add);
    return own;
  }

  private static ContainerPort port(ServerKind.Port port) {
    return new ContainerPortBuilder()
        .withName(port.name())
        .withContainerPort(port.number())
        .withProtocol("TCP")
        .build();
  }

  private static VolumeMount secrets() {
    return new VolumeMountBuilder(mount(ServerSecret.VOLUME, SECRETS_PATH))
        .withReadOnly(true)
        .build();
  }

  private static VolumeMount mount(String volume, String path) {
    return new VolumeMountBuilder().withName(volume).withMountPath(path).build();
  }
}
