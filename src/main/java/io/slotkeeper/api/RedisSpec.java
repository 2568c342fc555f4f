package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the user wants. */
@ApiObject
public record RedisSpec(
    @JsonPropertyDescription("The name of a RedisVersion: the server and image to run.") @Required
        String version,
    @JsonPropertyDescription("How the servers form one service. Immutable.") @Required Mode mode,
    @JsonPropertyDescription("The size of the cluster, for mode Cluster.") @Required
        ClusterSpec cluster,
    @JsonPropertyDescription(
            "Durable: on a persistent volume per pod, as storage says. Ephemeral: on an emptyDir that goes with"
                + " the pod. Immutable.")
        @Default("Durable")
        StorageType storageType,
    @JsonPropertyDescription("The volume of each pod; required if storageType is Durable.")
        @Nullable StorageSpec storage,
    @JsonPropertyDescription(
            "What goes when this resource is deleted. DoNotTerminate: deletion is refused. Pause: the pods; volumes"
                + " and Secrets stay, and creating the resource again resumes. Delete: also the volumes. WipeOut:"
                + " everything.")
        @Default("Pause")
        TerminationPolicy terminationPolicy,
    @JsonPropertyDescription("How a change that needs new pods reaches them.")
        UpdateStrategy updateStrategy,
    @JsonPropertyDescription("True to stop all pods and keep the data; false again to resume.")
        @Default("false")
        boolean halted,
    @JsonPropertyDescription(
            "Settings of the servers by the name they have in redis.conf. They win over configSource.")
        Map<String, String> config,
    @JsonPropertyDescription("Further settings of the servers, from a ConfigMap.")
        @Nullable ConfigSource configSource,
    @JsonPropertyDescription("What to add to every pod.") PodTemplate podTemplate,
    @JsonPropertyDescription("What to add to the Service that clients connect to.")
        ServiceTemplate serviceTemplate,
    @JsonPropertyDescription("Authentication: on with a generated password if left out.")
        Auth auth) {

  public RedisSpec(
      String version,
      Mode mode,
      ClusterSpec cluster,
      @Nullable StorageType storageType,
      @Nullable StorageSpec storage,
      @Nullable TerminationPolicy terminationPolicy,
      @Nullable UpdateStrategy updateStrategy,
      boolean halted,
      @Nullable Map<String, String> config,
      @Nullable ConfigSource configSource,
      @Nullable PodTemplate podTemplate,
      @Nullable ServiceTemplate serviceTemplate,
      @Nullable Auth auth) {
    this.version = version;
    this.mode = mode;
    this.cluster = cluster;
    this.storageType = Objects.requireNonNullElse(storageType, StorageType.Durable);
    this.storage = storage;
    this.terminationPolicy = Objects.requireNonNullElse(terminationPolicy, TerminationPolicy.Pause);
    this.updateStrategy = updateStrategy == null ? new UpdateStrategy(null) : updateStrategy;
    this.halted = halted;
    this.config = Absent.toEmpty(config);
    this.configSource = configSource;
    this.podTemplate = Objects.requireNonNullElse(podTemplate, PodTemplate.NONE);
    this.serviceTemplate = Objects.requireNonNullElse(serviceTemplate, ServiceTemplate.NONE);
    this.auth = Objects.requireNonNullElse(auth, Auth.GENERATED);
  }
}
