package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the user wants. */
@ApiObject
@ValidationRule(
    value = "self.mode != 'Cluster' || has(self.cluster)",
    message = "spec.cluster is required for mode Cluster: set spec.cluster.master")
@ValidationRule(
    value = "self.mode == 'Cluster' || !has(self.cluster)",
    message =
        "spec.cluster is for mode Cluster alone: remove it; for mode Standalone, set the replicas in"
            + " spec.standalone.replicas, and for mode Sentinel in spec.sentinel.replicas")
@ValidationRule(
    value = "self.mode == 'Standalone' || !has(self.standalone)",
    message =
        "spec.standalone is for mode Standalone alone: remove it; for mode Cluster, set the size in spec.cluster, and"
            + " for mode Sentinel in spec.sentinel")
@ValidationRule(
    value = "self.mode == 'Sentinel' || !has(self.sentinel)",
    message =
        "spec.sentinel is for mode Sentinel alone: remove it; for mode Cluster, set the size in spec.cluster, and for"
            + " mode Standalone in spec.standalone")
@ValidationRule(
    value =
        "!has(self.sentinel) || !has(self.sentinel.masterName)"
            + " || !(has(self.auth) && self.auth.disabled)",
    message =
        "spec.sentinel.masterName must be left out where spec.auth.disabled is true: Sentinels of another Redis that"
            + " uses the same name could take its address for theirs")
@ValidationRule(
    value = "self.storageType != 'Durable' || has(self.storage)",
    message =
        "spec.storage is required for storageType Durable: set spec.storage.resources.requests.storage, or"
            + " storageType Ephemeral")
@ValidationRule(
    value = "self.storageType != 'Ephemeral' || !has(self.storage)",
    message = "spec.storage has no effect with storageType Ephemeral: remove it")
@ValidationRule(
    value =
        "(has(self.auth) && self.auth.disabled) == (has(oldSelf.auth) && oldSelf.auth.disabled)"
            + " || (self.halted && oldSelf.halted)",
    message =
        "spec.auth.disabled cannot be changed while servers run, for those with a password and those without do not"
            + " replicate each other: set spec.halted to true before, or create a new resource")
@ValidationRule(
    value =
        "(has(self.tls) ? self.tls.mode : 'Disabled') == (has(oldSelf.tls) ? oldSelf.tls.mode : 'Disabled')",
    message =
        "spec.tls.mode cannot be changed yet, for servers with TLS and those without do not replicate each other: create a new resource")
@ValidationRule(
    value =
        "!(has(self.tls) && self.tls.mode == 'Required') || !has(self.monitor) || !has(self.monitor.prometheus)",
    message =
        "spec.monitor.prometheus needs connections without TLS, for the exporter uses them: set spec.tls.mode to"
            + " Allowed, or remove one of the two")
@ValidationRule(
    value = "!self.halted || self.storageType != 'Ephemeral'",
    message =
        "spec.halted would lose all data: with storageType Ephemeral it is in the pods. To give the data up, delete"
            + " the resource")
public record RedisSpec(
    @JsonPropertyDescription("The name of a RedisVersion: the server and image to run.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern(LocalReference.NAME)
        String version,
    @JsonPropertyDescription(
            "How the servers form one service. Standalone can become Sentinel, and the other way round.")
        @Required
        @ValidationRule(
            value = "self == oldSelf || (self != 'Cluster' && oldSelf != 'Cluster')",
            message = "spec.mode cannot be changed to Cluster, or from it: create a new resource")
        Mode mode,
    @JsonPropertyDescription("The size of the cluster; required in mode Cluster, and only there.")
        @Nullable ClusterSpec cluster,
    @JsonPropertyDescription(
            "The number of replicas, for mode Standalone alone; one server without replicas if left out.")
        @Nullable StandaloneSpec standalone,
    @JsonPropertyDescription(
            "The number of replicas and Sentinels, for mode Sentinel alone; one replica and three Sentinels if left out.")
        @Nullable SentinelSpec sentinel,
    @JsonPropertyDescription(
            "Durable: on a persistent volume per pod, as storage says. Ephemeral: on an emptyDir that goes with"
                + " the pod. Immutable.")
        @Default("Durable")
        @ValidationRule(
            value = "self == oldSelf",
            message = "spec.storageType cannot be changed: create a new resource")
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
        @Default("{\"type\":\"RollingUpdate\"}")
        UpdateStrategy updateStrategy,
    @JsonPropertyDescription(
            "True to stop all pods and keep the data on their volumes, so only with storageType Durable; false again to"
                + " resume.")
        @Default("false")
        boolean halted,
    @JsonPropertyDescription(
            "Settings of the servers by the name they have in redis.conf; each value is what follows the name there, quotes included. They win over configSource, also over a line that has another name of the setting. Running servers take them at once where they can; one that is removed stays in force until they restart. Names that match this regular expression belong to the operator and are refused: "
                + ReservedSettings.NAMES)
        @Size(max = 256)
        @ValidationRule(
            value = "self.all(key, key.matches('^[a-z][a-z0-9._-]{0,63}$'))",
            message =
                "spec.config has keys that are no names of settings: write them as redis.conf does, in lower case")
        @ValidationRule(
            value = "!self.exists(key, " + ReservedSettings.CEL + ")",
            messageExpression =
                "'spec.config must not set ' + self.filter(key, "
                    + ReservedSettings.CEL
                    + ")[0] + ': this setting belongs to the operator'",
            message = "spec.config sets a setting that belongs to the operator: remove it")
        @ValidationRule(
            value = "self.all(key, !self[key].contains('\\n') && !self[key].contains('\\r'))",
            message = "spec.config has a value with a line break: a value is one line")
        Map<String, String> config,
    @JsonPropertyDescription("Further settings of the servers, from a ConfigMap.")
        @Nullable ConfigSource configSource,
    @JsonPropertyDescription("What to add to every pod.") PodTemplate podTemplate,
    @JsonPropertyDescription("What to add to the Service that clients connect to.")
        ServiceTemplate serviceTemplate,
    @JsonPropertyDescription("Authentication: on with a generated password if left out.") Auth auth,
    @JsonPropertyDescription("How the servers are monitored.") MonitorSpec monitor,
    @JsonPropertyDescription(
            "Encryption: off if left out; {} for Required, with certificates that the operator issues.")
        @Nullable Tls tls) {

  public RedisSpec(
      String version,
      Mode mode,
      @Nullable ClusterSpec cluster,
      @Nullable StandaloneSpec standalone,
      @Nullable SentinelSpec sentinel,
      @Nullable StorageType storageType,
      @Nullable StorageSpec storage,
      @Nullable TerminationPolicy terminationPolicy,
      @Nullable UpdateStrategy updateStrategy,
      boolean halted,
      @Nullable Map<String, String> config,
      @Nullable ConfigSource configSource,
      @Nullable PodTemplate podTemplate,
      @Nullable ServiceTemplate serviceTemplate,
      @Nullable Auth auth,
      @Nullable MonitorSpec monitor,
      @Nullable Tls tls) {
    this.version = Absent.required(version, "version");
    this.mode = Absent.required(mode, "mode");
    this.cluster = mode == Mode.Cluster ? Absent.required(cluster, "cluster") : cluster;
    this.standalone = standalone;
    this.sentinel =
        mode == Mode.Sentinel
            ? Objects.requireNonNullElse(sentinel, SentinelSpec.DEFAULT)
            : sentinel;
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
    this.monitor = Objects.requireNonNullElse(monitor, MonitorSpec.NONE);
    this.tls = tls;
  }

  /** The size of the cluster, for what runs in mode Cluster alone. */
  public ClusterSpec requireCluster() {
    if (mode != Mode.Cluster || cluster == null) {
      throw new IllegalStateException("a Redis of mode " + mode + " has no cluster");
    }
    return cluster;
  }

  /** The Sentinels, for what runs in mode Sentinel alone. */
  public SentinelSpec requireSentinel() {
    if (mode != Mode.Sentinel || sentinel == null) {
      throw new IllegalStateException("a Redis of mode " + mode + " has no Sentinels");
    }
    return sentinel;
  }

  /** Encryption, as it is where nothing is said of it. */
  public Tls effectiveTls() {
    return Objects.requireNonNullElse(tls, Tls.NONE);
  }

  /** Where there is one primary, all keys are in one shard. */
  public int shards() {
    return switch (mode) {
      case Cluster -> requireCluster().master();
      case Standalone, Sentinel -> 1;
    };
  }

  /** Of each shard, its master not counted. */
  public int replicas() {
    return switch (mode) {
      case Cluster -> requireCluster().replicas();
      case Standalone -> standalone == null ? 0 : standalone.replicas();
      case Sentinel -> requireSentinel().replicas();
    };
  }
}
