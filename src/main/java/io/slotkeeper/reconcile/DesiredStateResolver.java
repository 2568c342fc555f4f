package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.slotkeeper.api.BalanceBy;
import io.slotkeeper.api.ClusterSpec;
import io.slotkeeper.api.MigrationSpec;
import io.slotkeeper.api.Mode;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisSpec;
import io.slotkeeper.api.RedisVersion;
import io.slotkeeper.api.UpdateStrategy;
import io.slotkeeper.kubernetes.ConfigMapCache;
import io.slotkeeper.kubernetes.OwnedObjects;
import io.slotkeeper.kubernetes.Passwords;
import io.slotkeeper.livesettings.LivePasswords;
import io.slotkeeper.livesettings.LiveSettings;
import io.slotkeeper.mode.cluster.resources.ClusterResources;
import io.slotkeeper.mode.sentinel.resources.SentinelResources;
import io.slotkeeper.mode.standalone.resources.StandaloneResources;
import io.slotkeeper.model.Blocker;
import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.RebalanceState;
import io.slotkeeper.observe.Remembered;
import io.slotkeeper.operatorsettings.OperatorSettings;
import io.slotkeeper.plan.SentinelPolicy;
import io.slotkeeper.plan.SlotMovePolicy;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.plan.UpdatePolicy;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.reconcile.Stages.Stage;
import io.slotkeeper.resources.AuthSecret;
import io.slotkeeper.resources.Exporter;
import io.slotkeeper.resources.InvalidConfigurationException;
import io.slotkeeper.resources.MemoryLimit;
import io.slotkeeper.resources.ResolvedSpec;
import io.slotkeeper.resources.ServerConfigMap;
import io.slotkeeper.resources.ServerSecret;
import io.slotkeeper.resources.ShardStatefulSet;
import io.slotkeeper.resources.VolumeClaim;
import io.slotkeeper.resources.VolumeSize;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks up what a Redis refers to, and decides what of its spec can be carried out. */
public final class DesiredStateResolver {
  private static final String CONFIG_KEY = "redis.conf";

  private final ConfigMapCache configMaps;
  private final Passwords passwordSecrets;
  private final PasswordResolver passwords;
  private final CertificateResolver certificates;
  private final LiveSettings settings;
  private final OperatorSettings operator;

  /**
   * @param operator its own settings
   */
  public DesiredStateResolver(
      ConfigMapCache configMaps,
      Passwords passwords,
      PasswordsInUse passwordsInUse,
      LivePasswords livePasswords,
      CertificateResolver certificates,
      LiveSettings settings,
      OperatorSettings operator,
      InstantSource clock) {
    this.configMaps = configMaps;
    passwordSecrets = passwords;
    this.passwords = new PasswordResolver(passwords, passwordsInUse, livePasswords, clock);
    this.certificates = certificates;
    this.settings = settings;
    this.operator = operator;
  }

  /** The Secrets that have the names of those that the operator makes. */
  List<Secret> secrets(Redis redis) {
    return Stream.of(passwordSecrets.secrets(redis), certificates.secrets(redis))
        .flatMap(List::stream)
        .toList();
  }

  /** They have changed. */
  void reread(Redis redis) {
    passwordSecrets.reread(redis);
    certificates.reread(redis);
  }

  /** Where the spec cannot be resolved at all: what runs is kept as it is. */
  DesiredState resolveRunning(Redis redis, OwnedObjects owned, Stages.Run pass) {
    return RunningState.desiredState(
        redis,
        owned,
        passwords.ofRunning(redis, owned, pass),
        pass.get(
            Stage.CERTIFICATE,
            () -> certificates.ofRunning(redis),
            () -> CertificateResolver.Found.NONE),
        Optional.ofNullable(redis.getUnreadable())
            .map(reason -> unreadable("this resource: " + reason)));
  }

  private static Problem unreadable(String what) {
    return new Problem(
        Reason.Unreadable,
        "This operator cannot read %s. What runs is kept as it is and healed, and nothing of the spec is applied. Correct the field, or run a version of the operator that knows it."
            .formatted(what));
  }

  DesiredState resolve(Redis redis, OwnedObjects owned, Stages.Run pass) {
    if (redis.getUnreadable() != null) {
      return resolveRunning(redis, owned, pass);
    }
    RedisSpec spec = redis.getSpec();
    List<Problem> problems = new ArrayList<>();
    Optional<RedisVersion> named = owned.version();
    Optional<RedisVersion> version = named.filter(v -> v.getUnreadable() == null);
    named
        .filter(v -> v.getUnreadable() != null)
        .ifPresent(v ->
            problems.add(
                unreadable(
                    "RedisVersion %s: %s"
                        .formatted(v.getMetadata().getName(), v.getUnreadable()))));
    if (named.isEmpty()) {
      problems.add(
          new Problem(
              Reason.VersionNotFound,
              "spec.version names RedisVersion %s, which does not exist. Create it, or choose one that does: kubectl get redisversions."
                  .formatted(spec.version())));
    }
    Optional<Problem> tooLarge = ClusterSize.problem(spec, operator.maxServers());
    tooLarge.ifPresent(problems::add);
    Optional<String> configText =
        pass.get(Stage.CONFIG_SOURCE, () -> configText(redis, problems), Optional::empty);
    PasswordResolver.Found password = passwords.find(redis, owned, pass, problems);
    List<Problem> warnings = new ArrayList<>();
    CertificateResolver.Found certificate =
        pass.get(
            Stage.CERTIFICATE,
            () -> certificates.find(redis, owned, problems, warnings),
            () -> certificates.ofRunning(redis));
    boolean readable = spec.configSource() == null || configText.isPresent();
    Optional<ResolvedSpec> blueprint =
        version.filter(_ -> readable).flatMap(v -> blueprint(redis, v, configText, problems));
    warnings.addAll(SpecWarnings.of(spec, version, blueprint));
    List<HasMetadata> objects =
        blueprint.isPresent() && problems.isEmpty() && pass.problems().isEmpty()
            ? objects(redis, blueprint.get(), password, certificate, owned, warnings)
            : List.of();
    Topology asked =
        new Topology(
            redis.getMetadata().getName(),
            spec.mode(),
            spec.shards(),
            spec.replicas(),
            blueprint.map(ResolvedSpec::nodeTimeoutMillis).stream()
                .flatMapToLong(OptionalLong::stream)
                .findFirst()
                .orElseGet(() -> RunningState.nodeTimeoutMillis(owned)),
            moves(redis, isUpdating(spec, blueprint, owned)),
            new UpdatePolicy(
                spec.updateStrategy().type() == UpdateStrategy.Type.RollingUpdate,
                blueprint.filter(ResolvedSpec::isPersistent).isPresent(),
                createdAt(redis)),
            SentinelPolicy.of(redis));
    return new DesiredState(
        objects.isEmpty() ? RunningState.kept(asked, redis, owned, tooLarge.isPresent()) : asked,
        objects,
        objects.isEmpty() ? Map.of() : blueprint.map(ResolvedSpec::liveSettings).orElseThrow(),
        blueprint.map(ResolvedSpec::memoryLimit).orElse(OptionalLong.empty()),
        owned.podObjects().stream()
            .collect(Collectors.toMap(pod -> pod.getMetadata().getUid(), MemoryLimit::of)),
        version.map(v -> v.getSpec().version()),
        password.login().orElse(null),
        spec.auth().disabled() ? Optional.empty() : password.stored(),
        certificate,
        problems.stream().findFirst(),
        warnings,
        isRolling(spec, blueprint),
        spec.halted());
  }

  /** The Secrets first: pods that do not find theirs are slow to try again. */
  private List<HasMetadata> objects(
      Redis redis,
      ResolvedSpec blueprint,
      PasswordResolver.Found password,
      CertificateResolver.Found certificate,
      OwnedObjects owned,
      List<Problem> warnings) {
    List<HasMetadata> objects = new ArrayList<>();
    ServedPasswords.Situation situation = passwords.situation(redis, owned, password);
    ServedPasswords served = passwords.decide(situation);
    served
        .published()
        .ifPresent(text -> objects.add(AuthSecret.of(blueprint, text, certificate.authorities())));
    objects.addAll(certificate.objects(blueprint));
    objects.add(ServerSecret.of(blueprint, served.servers()));
    Bindings.wanted(
            blueprint,
            served.forApplications(situation, owned.boundPassword()),
            certificate.authorities(),
            owned,
            warnings)
        .ifPresent(objects::add);
    Optional<Exporter> exporter = Exporters.of(redis.getSpec(), blueprint, operator);
    exporter
        .map(one ->
            Exporters.objects(one, served.forApplications(situation, owned.boundPassword()), owned))
        .ifPresent(objects::addAll);
    for (HasMetadata object : builtObjects(blueprint, owned)) {
      objects.add(
          switch (object) {
            case StatefulSet wanted
                when blueprint.names().shardOf(wanted.getMetadata().getName()).isPresent() ->
                owned
                    .find(wanted)
                    .map(existing ->
                        ShardStatefulSet.over(
                            (StatefulSet) existing,
                            wanted,
                            () -> resumedPods(blueprint, redis, owned, wanted)))
                    .orElse(wanted);
            case StatefulSet sentinels -> certificate.marked(sentinels);
            case ConfigMap _ -> serverFiles(blueprint, owned);
            default -> exporter.map(one -> one.announcedBy(object)).orElse(object);
          });
    }
    for (PersistentVolumeClaim claim : owned.ownClaims()) {
      PersistentVolumeClaim wanted = VolumeClaim.of(blueprint, claim.getMetadata().getName());
      objects.add(VolumeSize.over(claim, wanted));
    }
    return objects;
  }

  private List<HasMetadata> builtObjects(ResolvedSpec blueprint, OwnedObjects owned) {
    String namespace = operator.leaseNamespace();
    return switch (blueprint.mode()) {
      case Cluster -> ClusterResources.of(blueprint, leaving(blueprint, owned), namespace);
      case Standalone -> StandaloneResources.of(blueprint, namespace);
      case Sentinel -> SentinelResources.of(blueprint, namespace);
    };
  }

  /** How many pods a shard starts with after a halt. */
  private static int resumedPods(
      ResolvedSpec blueprint, Redis redis, OwnedObjects owned, StatefulSet shard) {
    Remembered remembered = RunningState.remembered(redis, owned);
    return blueprint.names().shardOf(shard.getMetadata().getName()).stream()
        .map(index -> ResumedShard.pods(blueprint.mode(), remembered, index))
        .findFirst()
        .orElse(0);
  }

  /** While a server runs, a setting that it has not accepted must not reach one that starts. */
  private ConfigMap serverFiles(ResolvedSpec wanted, OwnedObjects owned) {
    ResolvedSpec blueprint =
        wanted.withSize(
            wanted.shards(),
            OtherServers.most(wanted.replicasPerMaster(), owned.inventory(), owned.pods()));
    ConfigMap files = ServerConfigMap.of(blueprint);
    boolean running =
        settings.hasServers(blueprint.uid()) || owned.pods().stream().anyMatch(PodState::ready);
    Optional<? extends HasMetadata> existing = running ? owned.find(files) : Optional.empty();
    return existing
        .map(before ->
            ServerConfigMap.over(
                (ConfigMap) before,
                blueprint,
                (name, value) -> settings.isAccepted(blueprint.uid(), name, value)))
        .orElse(files);
  }

  /** Surplus shards: their objects are kept as they should be until the shards are empty. */
  private static List<Integer> leaving(ResolvedSpec blueprint, OwnedObjects owned) {
    return owned.shards().stream()
        .filter(shard -> shard.getMetadata().getDeletionTimestamp() == null)
        .flatMapToInt(shard -> blueprint.names().shardOf(shard.getMetadata().getName()).stream())
        .filter(shard -> shard >= blueprint.shards())
        .sorted()
        .boxed()
        .toList();
  }

  private static Optional<ResolvedSpec> blueprint(
      Redis redis, RedisVersion version, Optional<String> configText, List<Problem> problems) {
    try {
      return Optional.of(ResolvedSpec.of(redis, version, configText.orElse(null)));
    } catch (InvalidConfigurationException e) {
      problems.add(new Problem(Reason.ConfigurationInvalid, String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }

  private Optional<String> configText(Redis redis, List<Problem> problems) {
    if (redis.getSpec().configSource() == null) {
      return Optional.empty();
    }
    String name = redis.getSpec().configSource().configMap().name();
    Optional<ConfigMap> map = configMaps.get(redis, name);
    Optional<String> text = map.map(ConfigMap::getData).map(data -> data.get(CONFIG_KEY));
    if (text.isEmpty()) {
      problems.add(
          new Problem(
              Reason.ConfigMapNotFound,
              "spec.configSource names ConfigMap %s, %s. Create it with the key %s."
                  .formatted(
                      name,
                      map.isEmpty() ? "which does not exist" : "which has no key " + CONFIG_KEY,
                      CONFIG_KEY)));
    }
    return text;
  }

  /** If unreadable, no pod counts as created since, so none is taken for one without data. */
  private static Instant createdAt(Redis redis) {
    String text = redis.getMetadata().getCreationTimestamp();
    try {
      return text == null ? Instant.MAX : Instant.parse(text);
    } catch (DateTimeParseException e) {
      return Instant.MAX;
    }
  }

  private static boolean isUpdating(
      RedisSpec spec, Optional<ResolvedSpec> blueprint, OwnedObjects owned) {
    PodRevisions revisions = new PodRevisions(owned.shards());
    return isRolling(spec, blueprint)
        && owned.podObjects().stream().anyMatch(revisions::isOutdated);
  }

  /** Not where the only copy of the data would go with its pod: that is for the user to decide. */
  private static boolean isRolling(RedisSpec spec, Optional<ResolvedSpec> blueprint) {
    boolean kept = spec.replicas() > 0 || blueprint.filter(ResolvedSpec::isPersistent).isPresent();
    return kept && spec.updateStrategy().type() == UpdateStrategy.Type.RollingUpdate;
  }

  /** How slots may move now. */
  private static SlotMovePolicy moves(Redis redis, boolean updating) {
    if (redis.getSpec().mode() != Mode.Cluster) {
      return SlotMovePolicy.DEFAULT; // there are none
    }
    ClusterSpec cluster = redis.getSpec().requireCluster();
    MigrationSpec migration = cluster.migration();
    SlotMovePolicy policy =
        new SlotMovePolicy(
            migration.parallelism(),
            migration.maxPauseMillis(),
            cluster.balanceBy() == BalanceBy.Memory,
            Optional.ofNullable(redis.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(RebalanceState.ANNOTATION))
                .filter(asked -> !asked.isEmpty()),
            Optional.empty());
    if (migration.paused()) {
      return policy.withBlocker(
          new Blocker(
              Blocker.Kind.PAUSED,
              "spec.cluster.migration.paused is true: no slots move. Set it to false to go on."));
    }
    return updating
        ? policy.withBlocker(
            new Blocker(Blocker.Kind.UPDATING, "Slots move when all pods have been replaced."))
        : policy;
  }
}
