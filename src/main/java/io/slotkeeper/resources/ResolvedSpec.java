package io.slotkeeper.resources;

import io.slotkeeper.api.Engine;
import io.slotkeeper.api.Mode;
import io.slotkeeper.api.PodTemplate;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisSpec;
import io.slotkeeper.api.RedisVersion;
import io.slotkeeper.api.SentinelSpec;
import io.slotkeeper.api.ServiceTemplate;
import io.slotkeeper.api.StorageSpec;
import io.slotkeeper.api.TerminationPolicy;
import io.slotkeeper.api.TlsMode;
import io.slotkeeper.api.UpdateStrategy;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One Redis with everything that it refers to looked up and every default filled in. All objects
 * are built from it.
 *
 * @param uid of the Redis: a new one with the old name has another
 * @param engineVersion of the server, for example 7.0.15
 * @param replicasPerMaster the master not counted
 * @param storage of each pod; null for an emptyDir (Ephemeral)
 * @param authSecret the Secret with a key {@code password}; null where authentication is off
 * @param tls whether connections are encrypted
 * @param sentinel the Sentinels; null in other modes
 * @param config the settings of redis.conf by canonical name, without password and addresses
 */
public record ResolvedSpec(
    String namespace,
    String name,
    String uid,
    Mode mode,
    Engine engine,
    String engineVersion,
    String image,
    int shards,
    int replicasPerMaster,
    @Nullable StorageSpec storage,
    TerminationPolicy terminationPolicy,
    UpdateStrategy.Type updateStrategy,
    @Nullable AuthSecretRef authSecret,
    TlsMode tls,
    @Nullable SentinelSpec sentinel,
    SortedMap<String, String> config,
    PodTemplate podTemplate,
    ServiceTemplate serviceTemplate,
    boolean halted) {

  private static final String MAX_CLIENTS = "maxclients";

  /** Connections for operator, probes, replicas and some clients. */
  private static final int ROOM = 32;

  /** These change in an order that loses no data, by {@code PersistenceTransition}. */
  public static final Set<String> PERSISTENCE = Set.of("appendonly", "save");

  /**
   * @param generated whether the operator creates it, because the user brings none
   */
  public record AuthSecretRef(String name, boolean generated) {}

  public ResolvedSpec {
    config = Collections.unmodifiableSortedMap(new TreeMap<>(config));
  }

  /**
   * @param version the one that {@code spec.version} names
   * @param configMapText the key {@code redis.conf} of the ConfigMap that {@code spec.configSource}
   *     names; null if it names none, or there is none
   * @throws InvalidConfigurationException if the settings cannot be used
   */
  public static ResolvedSpec of(Redis redis, RedisVersion version, @Nullable String configMapText) {
    RedisSpec spec = redis.getSpec();
    SortedMap<String, String> config = ConfigDefaults.of(spec, configMapText);
    requireMillis(config, ConfigDefaults.NODE_TIMEOUT);
    require(config, ConfigDefaults.DATABASES, "|[1-9]\\d{0,8}", "a number, 1 or more");
    require(config, "appendonly", "(?i)yes|no", "yes or no");
    require(
        config,
        "save",
        "\"\"|[1-9]\\d* \\d+( [1-9]\\d* \\d+)*",
        "pairs of seconds and changes, or \"\"");
    requireRoom(config, spec);
    return new ResolvedSpec(
        redis.getMetadata().getNamespace(),
        redis.getMetadata().getName(),
        redis.getMetadata().getUid(),
        spec.mode(),
        version.getSpec().engine(),
        version.getSpec().version(),
        version.getSpec().image(),
        spec.shards(),
        spec.replicas(),
        spec.storage(),
        spec.terminationPolicy(),
        spec.updateStrategy().type(),
        authSecret(redis),
        spec.effectiveTls().mode(),
        spec.mode() == Mode.Sentinel ? spec.requireSentinel() : null,
        config,
        spec.podTemplate(),
        spec.serviceTemplate(),
        spec.halted());
  }

  /** Where the password is; empty where authentication is off. Needs no more than the Redis. */
  public static Optional<AuthSecretRef> authSecretOf(Redis redis) {
    return Optional.ofNullable(authSecret(redis));
  }

  private static @Nullable AuthSecretRef authSecret(Redis redis) {
    var auth = redis.getSpec().auth();
    if (auth.disabled()) {
      return null;
    }
    return auth.secretRef() == null
        ? new AuthSecretRef(new Names(redis.getMetadata().getName()).authSecret(), true)
        : new AuthSecretRef(auth.secretRef().name(), false);
  }

  /** Servers write their data to a volume that outlives their pod. */
  public boolean isPersistent() {
    return storage != null
        && (RedisConf.plain(config.getOrDefault("appendonly", "no")).equalsIgnoreCase("yes")
            || !RedisConf.plain(config.getOrDefault("save", "")).isBlank());
  }

  private static void requireMillis(SortedMap<String, String> config, String setting) {
    String value = config.get(setting);
    if (value != null && !value.matches("[1-9]\\d{2,8}")) {
      throw new InvalidConfigurationException(
          "%s must be a number of milliseconds, 100 or more, not %s".formatted(setting, value));
    }
  }

  /**
   * Connections of the other servers count; operator and probes need some, too. A server without
   * room for connections cannot be sent another limit.
   */
  private static void requireRoom(SortedMap<String, String> config, RedisSpec spec) {
    int servers = spec.shards() * (1 + spec.replicas());
    long least = ROOM + (long) ServerKind.of(spec.mode()).links() * servers;
    String value = config.get(MAX_CLIENTS);
    if (value != null && value.matches("\\d{1,9}") && Long.parseLong(value) < least) {
      throw new InvalidConfigurationException(
          "maxclients must be %d or more, not %s: each of the %d servers has connections to each other one, and operator and probes need some"
              .formatted(least, value, servers));
    }
  }

  /** Checks a setting that no server tries before it is in the file that servers start from. */
  private static void require(
      SortedMap<String, String> config, String setting, String pattern, String expected) {
    String value = config.getOrDefault(setting, "");
    if (!value.matches(pattern)) {
      throw new InvalidConfigurationException(
          "%s must be %s, not %s".formatted(setting, expected, value));
    }
  }

  /** The same with another number of shards and replicas. */
  public ResolvedSpec withSize(int newShards, int newReplicasPerMaster) {
    return new ResolvedSpec(
        namespace,
        name,
        uid,
        mode,
        engine,
        engineVersion,
        image,
        newShards,
        newReplicasPerMaster,
        storage,
        terminationPolicy,
        updateStrategy,
        authSecret,
        tls,
        sentinel,
        config,
        podTemplate,
        serviceTemplate,
        halted);
  }

  /** The Sentinels, for what runs in mode Sentinel alone. */
  public SentinelSpec requireSentinel() {
    return Objects.requireNonNull(sentinel, "a Redis of this mode has no Sentinels");
  }

  /** The name that clients ask the Sentinels for. */
  public String masterName() {
    return Objects.requireNonNullElse(requireSentinel().masterName(), name);
  }

  ServerKind kind() {
    return ServerKind.of(mode);
  }

  public Names names() {
    return new Names(name);
  }

  public Owner owner() {
    return new Owner(name, uid);
  }

  /** A master and its replicas, halted or not. */
  public int podsPerShard() {
    return 1 + replicasPerMaster;
  }

  /** Empty in a mode without a cluster bus. */
  public OptionalLong nodeTimeoutMillis() {
    String millis = config.get(ConfigDefaults.NODE_TIMEOUT);
    return mode == Mode.Cluster && millis != null
        ? OptionalLong.of(Long.parseLong(millis))
        : OptionalLong.empty();
  }

  /**
   * The settings that a running server may be given, as {@code CONFIG SET} takes them: without
   * those that belong to the operator, and without quotes.
   */
  public SortedMap<String, String> liveSettings() {
    SortedMap<String, String> settings = new TreeMap<>(config);
    settings.keySet().removeAll(ConfigDefaults.operatorOwned(mode, tls));
    settings.keySet().removeAll(kind().startOnly());
    settings.replaceAll((name, value) -> RedisConf.plain(value));
    return settings;
  }

  /** Of the server's container in the pod template, in bytes; empty for none. */
  public OptionalLong memoryLimit() {
    return MemoryLimit.wanted(podTemplate.spec().resources());
  }

  /**
   * Those of {@link #liveSettings} that a running server must have accepted before a server starts
   * with them.
   */
  public SortedMap<String, String> triedSettings() {
    SortedMap<String, String> settings = liveSettings();
    settings.keySet().removeAll(PERSISTENCE);
    // Right by themselves, and no server with another limit is given them.
    memoryLimit()
        .ifPresent(limit ->
            MemoryLimit.defaults(limit).forEach((name, value) -> settings.remove(name, value)));
    return settings;
  }

  /** The name that clients inside Kubernetes connect to, whatever the cluster's domain. */
  public String host() {
    return names().clientService() + "." + namespace + ".svc";
  }
}
