package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.slotkeeper.api.TemplateMetadata;
import java.util.ArrayList;
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

  public static PodTemplateSpec template(ResolvedSpec redis, int shard) {
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
        .withAffinity(affinity == null ? AntiAffinity.of(redis, shard) : affinity)
        .withTolerations(user.tolerations())
        .withTopologySpreadConstraints(user.topologySpreadConstraints())
        .withImagePullSecrets(
            user.imagePullSecrets().stream()
                .map(secret -> new LocalObjectReference(secret.name()))
                .toList())
        .withContainers(ServerContainer.of(redis))
        .withVolumes(volumes(redis));
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

  private static List<Volume> volumes(ResolvedSpec redis) {
    List<Volume> volumes = new ArrayList<>();
    volumes.add(
        new VolumeBuilder()
            .withName(ServerContainer.CONFIG)
            .withNewConfigMap()
            .withName(redis.names().configMap())
            .withDefaultMode(0555)
            .endConfigMap()
            .build());
    volumes.add(
        new VolumeBuilder()
            .withName(ServerContainer.RUN)
            // In memory: the file there has the password in it.
            .withNewEmptyDir()
            .withMedium("Memory")
            .withSizeLimit(new Quantity("1Mi"))
            .endEmptyDir()
            .build());
    if (redis.storage() == null) {
      volumes.add(new VolumeBuilder().withName(Names.DATA).withNewEmptyDir().endEmptyDir().build());
    }
    return volumes;
  }
}
