package io.slotkeeper.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.slotkeeper.api.BackupStatus;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisBackup;
import io.slotkeeper.api.RedisBackupStore;
import io.slotkeeper.backup.Server;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.Owner;
import io.slotkeeper.resources.Ports;
import java.net.HttpURLConnection;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What backups need of the API server: little, and asked when it is needed. */
public final class BackupApi {
  private static final PatchContext JSON =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON)
          .withFieldManager(ObjectApplier.FIELD_MANAGER)
          .build();

  private final KubernetesClient client;

  public BackupApi(KubernetesClient client) {
    this.client = client;
  }

  /**
   * How far a Job is.
   *
   * @param owned it belongs to the backup that asks
   * @param message the last words of its container; empty text for none
   */
  public record JobState(boolean owned, State state, String message) {
    public enum State {
      RUNNING,
      SUCCEEDED,
      FAILED
    }
  }

  public Optional<RedisBackupStore> store(String namespace, String name) {
    return Optional.ofNullable(
        client.resources(RedisBackupStore.class).inNamespace(namespace).withName(name).get());
  }

  /** The servers of a Redis that have an address and are not about to end. */
  public List<Server> servers(Redis redis) {
    Owner owner = Owner.of(redis);
    return client
        .pods()
        .inNamespace(redis.getMetadata().getNamespace())
        .withLabel(Labels.REDIS, redis.getMetadata().getName())
        .list()
        .getItems()
        .stream()
        .filter(pod -> owner.pod(pod, List.of()).isPresent())
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .flatMap(BackupApi::server)
        .toList();
  }

  private static Stream<Server> server(Pod pod) {
    return Optional.ofNullable(pod.getStatus())
        .map(status -> status.getPodIP())
        .map(ip -> new Server(pod.getMetadata().getName(), ip, Ports.CLIENT))
        .stream();
  }

  /** Empty where there is none of this name. */
  public Optional<JobState> job(RedisBackup backup, String name) {
    Job job =
        client
            .batch()
            .v1()
            .jobs()
            .inNamespace(backup.getMetadata().getNamespace())
            .withName(name)
            .get();
    return Optional.ofNullable(job).map(found -> state(backup, found));
  }

  private JobState state(RedisBackup backup, Job job) {
    boolean owned =
        job.getMetadata().getOwnerReferences().stream()
            .anyMatch(owner -> backup.getMetadata().getUid().equals(owner.getUid()));
    JobStatus status = job.getStatus();
    List<String> ends =
        status == null || status.getConditions() == null
            ? List.of()
            : status.getConditions().stream()
                .filter(condition -> "True".equals(condition.getStatus()))
                .map(condition -> condition.getType())
                .toList();
    if (ends.contains("Complete")) {
      return new JobState(owned, JobState.State.SUCCEEDED, lastWords(job));
    }
    return ends.contains("Failed")
        ? new JobState(owned, JobState.State.FAILED, lastWords(job))
        : new JobState(owned, JobState.State.RUNNING, "");
  }

  private String lastWords(Job job) {
    return client
        .pods()
        .inNamespace(job.getMetadata().getNamespace())
        .withLabel("batch.kubernetes.io/job-name", job.getMetadata().getName())
        .list()
        .getItems()
        .stream()
        .filter(pod ->
            pod.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> job.getMetadata().getUid().equals(owner.getUid())))
        .flatMap(pod -> Stream.ofNullable(pod.getStatus().getContainerStatuses()))
        .flatMap(Collection::stream)
        .flatMap(container -> Stream.ofNullable(container.getState()))
        .map(state -> state.getTerminated())
        .filter(Objects::nonNull)
        .map(BackupApi::message)
        .findFirst()
        .orElse("");
  }

  private static String message(ContainerStateTerminated end) {
    return end.getMessage() != null
        ? end.getMessage()
        : "it ended with %s (%d)".formatted(end.getReason(), end.getExitCode());
  }

  /** The names of what is in a Secret; none where there is no such Secret. */
  public Set<String> secretKeys(String namespace, String name) {
    return Optional.ofNullable(client.secrets().inNamespace(namespace).withName(name).get())
        .map(Secret::getData)
        .map(Map::keySet)
        .orElse(Set.of());
  }

  public boolean claimExists(String namespace, String name) {
    return client.persistentVolumeClaims().inNamespace(namespace).withName(name).get() != null;
  }

  /** One that exists already stays as it is. */
  public void create(Job job) {
    try {
      client.resource(job).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }

  public void writeStatus(RedisBackup backup, @Nullable BackupStatus before, BackupStatus after) {
    String patch =
        StatusPatch.between(
            backup.getMetadata().getUid(),
            before == null ? JsonNodeFactory.instance.objectNode() : json(before),
            json(after));
    client.resource(backup).subresource("status").patch(JSON, patch);
  }

  private JsonNode json(BackupStatus status) {
    return client.getKubernetesSerialization().convertValue(status, JsonNode.class);
  }
}
