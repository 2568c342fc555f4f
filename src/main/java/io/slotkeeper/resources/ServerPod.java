package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.slotkeeper.api.PodTemplateSpec;
import io.slotkeeper.api.TemplateMetadata;
import java.util.List;
import java.util.Objects;

/**
 * The template of a shard's pods. It fits Pod Security {@code restricted}.
 *
 * <p>Only the user's changes may change it: neither the version of the operator, nor the number of
 * nodes, nor settings that a server takes while it runs. A test pins its hash.
 */
public final class ServerPod {

  /** The user of the official images of both engines. */
  private static final long USER = 999;

  /**
   * A stopping master waits up to {@code shutdown-timeout} (10 s) for its replicas, then saves.
   * Without AOF, what is not saved by then is lost. The stop script has the same number.
   */
  private static final Long GRACE_SECONDS = 120L;

  private ServerPod() {}

  public static io.fabric8.kubernetes.api.model.PodTemplateSpec template(
      ResolvedSpec redis, int shard) {
    return new PodTemplateSpecBuilder()
        .withMetadata(metadata(redis, shard))
        .withSpec(spec(redis, shard).build())
        .build();
  }

  private static ObjectMeta metadata(ResolvedSpec redis, int shard) {
    TemplateMetadata user = redis.podTemplate().metadata();
    return new ObjectMetaBuilder()
        .withLabels(Labels.over(user.labels(), Labels.of(redis.name(), shard)))
        .withAnnotations(user.annotations())
        .build();
  }

  private static PodSpecBuilder spec(ResolvedSpec redis, int shard) {
    var user = redis.podTemplate().spec();
    Affinity affinity = user.affinity();
    return common(redis, user)
        .withAffinity(affinity == null ? AntiAffinity.of(redis, shard) : affinity)
        .withContainers(ServerContainer.of(redis))
        .addAllToVolumes(redis.storage() == null ? List.of(temporaryData()) : List.of());
  }

  /**
   * What the pods of servers and Sentinels have alike: all but containers and affinity.
   *
   * @param user what the user adds to these pods
   */
  public static PodSpecBuilder common(ResolvedSpec redis, PodTemplateSpec user) {
    return new PodSpecBuilder()
        .withAutomountServiceAccountToken(false)
        // Environment variables of every Service in the namespace: of no use, and they grow.
        .withEnableServiceLinks(false)
        .withTerminationGracePeriodSeconds(
            Objects.requireNonNullElse(user.terminationGracePeriodSeconds(), GRACE_SECONDS))
        .withSecurityContext(
            MergePatch.of(securityContext(), user.securityContext(), PodSecurityContext.class))
        .withServiceAccountName(user.serviceAccountName())
        .withPriorityClassName(user.priorityClassName())
        .withNodeSelector(user.nodeSelector())
        .withTolerations(user.tolerations())
        .withTopologySpreadConstraints(user.topologySpreadConstraints())
        .withImagePullSecrets(
            user.imagePullSecrets().stream()
                .map(secret -> new LocalObjectReference(secret.name()))
                .toList())
        .withVolumes(configuration(redis), ServerSecret.volume(redis.names()), run());
  }

  private static PodSecurityContext securityContext() {
    return new PodSecurityContextBuilder()
        .withRunAsNonRoot(true)
        .withRunAsUser(USER)
        .withRunAsGroup(USER)
        .withFsGroup(USER)
        // Changing the owner of every file of a large volume takes minutes.
        .withFsGroupChangePolicy("OnRootMismatch")
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .build();
  }

  private static Volume configuration(ResolvedSpec redis) {
    return new VolumeBuilder()
        .withName(ServerContainer.CONFIG)
        .withNewConfigMap()
        .withName(redis.names().configMap())
        .withDefaultMode(0555)
        .endConfigMap()
        .build();
  }

  /** In memory: the file there has the password in it. */
  private static Volume run() {
    return new VolumeBuilder()
        .withName(ServerContainer.RUN)
        .withNewEmptyDir()
        .withMedium("Memory")
        .withSizeLimit(new Quantity("1Mi"))
        .endEmptyDir()
        .build();
  }

  private static Volume temporaryData() {
    return new VolumeBuilder().withName(Names.DATA).withNewEmptyDir().endEmptyDir().build();
  }
}
