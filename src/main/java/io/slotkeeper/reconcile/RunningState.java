package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.slotkeeper.api.Mode;
import io.slotkeeper.api.Redis;
import io.slotkeeper.kubernetes.ObjectApplier;
import io.slotkeeper.kubernetes.OwnedObjects;
import io.slotkeeper.model.Blocker;
import io.slotkeeper.observe.Remembered;
import io.slotkeeper.plan.SlotMovePolicy;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.plan.UpdatePolicy;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.report.StatusMemory;
import io.slotkeeper.resources.ServerConfigMap;
import io.slotkeeper.resources.ServerSecret;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What runs of a Redis, according to its objects: known even where its spec cannot be resolved. */
final class RunningState {
  private static final long DEFAULT_NODE_TIMEOUT_MILLIS = 5000;

  private RunningState() {}

  /** The state that keeps it as it is: nothing is applied, and no slot moves. */
  static DesiredState desiredState(
      Redis redis,
      OwnedObjects owned,
      Optional<String> password,
      CertificateResolver.Found certificate,
      Optional<Problem> problem) {
    Collection<StatefulSet> shards = owned.shards();
    boolean halted = !shards.isEmpty() && shards.stream().allMatch(shard -> podsOf(shard) == 0);
    return new DesiredState(
        topology(redis, owned),
        List.of(),
        Map.of(),
        OptionalLong.empty(),
        Map.of(),
        Optional.empty(),
        password.orElse(null),
        Optional.empty(),
        certificate,
        problem,
        List.of(),
        false,
        halted);
  }

  /** The shards that have a StatefulSet or a pod, and the pods that the StatefulSets ask for. */
  private static Topology topology(Redis redis, OwnedObjects owned) {
    ClusterSize size =
        ClusterSize.running(
            owned.inventory(), owned.pods(), remembered(redis, owned), new ClusterSize(1, 0));
    return new Topology(
        redis.getMetadata().getName(),
        mode(owned, Mode.Cluster),
        size.masters(),
        size.replicas(),
        nodeTimeoutMillis(owned),
        SlotMovePolicy.DEFAULT.withBlocker(
            new Blocker(
                Blocker.Kind.PAUSED, "The spec cannot be resolved: no slots move until it can.")),
        UpdatePolicy.NONE);
  }

  /**
   * Of the servers that run, whatever the spec says.
   *
   * @param unknown where there are no files that servers start from
   */
  private static Mode mode(OwnedObjects owned, Mode unknown) {
    return owned.configMap().map(ServerConfigMap::mode).orElse(unknown);
  }

  /**
   * The topology to keep where nothing of the spec is applied: a formed cluster keeps its size, or
   * it would shrink or wait for pods because of a spec that is refused. A cluster not formed yet
   * waits for the size that was asked for.
   *
   * @param tooLarge the refused size itself is not to be planned for
   */
  static Topology kept(Topology asked, Redis redis, OwnedObjects owned, boolean tooLarge) {
    ClusterSize wanted = new ClusterSize(asked.shards(), asked.replicas());
    Remembered remembered = remembered(redis, owned);
    if (!remembered.formed() && !tooLarge) {
      return asked;
    }
    ClusterSize running = ClusterSize.running(owned.inventory(), owned.pods(), remembered, wanted);
    Topology kept =
        asked.running(mode(owned, asked.mode())).withNodeTimeout(nodeTimeoutMillis(owned));
    return running.equals(wanted)
        ? kept
        : kept.keptAt(
            running.masters(),
            running.replicas(),
            new Blocker(
                Blocker.Kind.PAUSED,
                "%s asks for another size. It is not applied, and no slots move, until ConfigurationApplied is True."
                    .formatted(redis.getSpec().mode().field())));
  }

  static Remembered remembered(Redis redis, OwnedObjects owned) {
    return StatusMemory.read(redis.getStatus(), owned.annotatedClaims());
  }

  /** The Secret with the password that pods start with; empty where none names one. */
  static Optional<String> authSecret(Collection<StatefulSet> shards) {
    return shards.stream()
        .filter(shard -> shard.getSpec() != null && shard.getSpec().getTemplate() != null)
        .flatMap(shard -> ServerSecret.namesIn(shard.getSpec().getTemplate().getSpec()).stream())
        .findFirst();
  }

  /** The node timeout that was last resolved. */
  static long nodeTimeoutMillis(OwnedObjects owned) {
    return owned
        .configMap()
        .map(map -> map.getMetadata().getAnnotations())
        .map(annotations -> annotations.get(ServerConfigMap.NODE_TIMEOUT))
        .filter(millis -> millis.matches("[1-9]\\d{0,8}"))
        .map(Long::parseLong)
        .orElse(DEFAULT_NODE_TIMEOUT_MILLIS);
  }

  /**
   * Every StatefulSet has stopped or is stopping its pods. While one is not, because the API server
   * refuses the change or something else stands in the way, its servers serve and must be healed.
   */
  static boolean isStopped(Collection<StatefulSet> shards, List<ObjectApplier.Result> applied) {
    List<String> stopped =
        applied.stream()
            .filter(result -> result.refusal() == null)
            .map(ObjectApplier.Result::wanted)
            .filter(object -> object instanceof StatefulSet shard && podsOf(shard) == 0)
            .map(RunningState::name)
            .toList();
    return shards.stream().allMatch(shard -> podsOf(shard) == 0 || stopped.contains(name(shard)));
  }

  /** Some pod exists, or is about to: a server that starts must fit to it. */
  static boolean hasServers(OwnedObjects owned) {
    return !owned.allPodObjects().isEmpty()
        || owned.statefulSets().stream().anyMatch(set -> podsOf(set) > 0);
  }

  private static int podsOf(StatefulSet shard) {
    return shard.getSpec() == null
        ? 0
        : Optional.ofNullable(shard.getSpec().getReplicas()).orElse(1);
  }

  private static String name(HasMetadata object) {
    return object.getMetadata().getName();
  }
}
