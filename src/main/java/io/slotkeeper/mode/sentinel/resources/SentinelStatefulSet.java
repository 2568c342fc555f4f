package io.slotkeeper.mode.sentinel.resources;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.slotkeeper.api.PodTemplate;
import io.slotkeeper.resources.AntiAffinity;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.Metadata;
import io.slotkeeper.resources.Ports;
import io.slotkeeper.resources.ResolvedSpec;
import io.slotkeeper.resources.ServerContainer;
import io.slotkeeper.resources.ServerPod;

/**
 * The Sentinels. They have no volume: what one must know, it learns from the others or from the
 * operator. So unlike servers they are updated by Kubernetes itself, one after the other, each
 * after the last one knows the primary.
 */
final class SentinelStatefulSet {
  /** A Sentinel ends at once; a client that waits for an answer asks another. */
  private static final long GRACE_SECONDS = 10;

  private SentinelStatefulSet() {}

  static StatefulSet of(ResolvedSpec redis) {
    return new StatefulSetBuilder()
        .withMetadata(metadata(redis))
        .withNewSpec()
        .withReplicas(redis.halted() ? 0 : redis.requireSentinel().sentinels())
        .withServiceName(redis.names().governingService())
        .withPodManagementPolicy("Parallel")
        .withNewUpdateStrategy()
        .withType("RollingUpdate")
        .endUpdateStrategy()
        .withNewSelector()
        .withMatchLabels(Labels.sentinels(redis.name()))
        .endSelector()
        .withNewTemplate()
        .withMetadata(podMetadata(redis))
        .withSpec(
            ServerPod.common(redis, user(redis).spec())
                .withTerminationGracePeriodSeconds(GRACE_SECONDS)
                .withAffinity(affinity(redis))
                .withContainers(container(redis))
                .build())
        .endTemplate()
        .endSpec()
        .build();
  }

  static ObjectMeta metadata(ResolvedSpec redis) {
    return new ObjectMetaBuilder(Metadata.of(redis, redis.names().sentinels()))
        .withLabels(Labels.ofSentinels(redis.name()))
        .build();
  }

  private static PodTemplate user(ResolvedSpec redis) {
    return redis.requireSentinel().podTemplate();
  }

  private static ObjectMeta podMetadata(ResolvedSpec redis) {
    var user = user(redis).metadata();
    return new ObjectMetaBuilder()
        .withLabels(Labels.over(user.labels(), Labels.ofSentinels(redis.name())))
        .withAnnotations(user.annotations())
        .build();
  }

  private static Affinity affinity(ResolvedSpec redis) {
    Affinity affinity = user(redis).spec().affinity();
    return affinity == null ? AntiAffinity.ofSentinels(redis) : affinity;
  }

  private static Container container(ResolvedSpec redis) {
    var user = user(redis).spec();
    return new ContainerBuilder()
        .withName(ServerContainer.SENTINEL)
        .withImage(redis.image())
        .withCommand(ServerContainer.script("start-sentinel.sh"))
        .addNewPort()
        .withName(Ports.SENTINEL_NAME)
        .withContainerPort(Ports.SENTINEL)
        .withProtocol("TCP")
        .endPort()
        .withEnv(ServerContainer.environment(redis, user))
        .withResources(user.resources())
        .withSecurityContext(ServerContainer.securityContext(user))
        .withReadinessProbe(readinessProbe())
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withVolumeMounts(ServerContainer.mounts())
        .build();
  }

  /** Ready: it knows a primary. Until then clients are sent to others, and no other is replaced. */
  private static Probe readinessProbe() {
    return new ProbeBuilder()
        .withNewExec()
        .withCommand(ServerContainer.script("ready-sentinel.sh"))
        .endExec()
        .withPeriodSeconds(2)
        .withTimeoutSeconds(5)
        .withFailureThreshold(2)
        .build();
  }
}
