package io.slotkeeper.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisSpec;
import io.slotkeeper.api.RedisUser;
import io.slotkeeper.api.RedisVersion;
import io.slotkeeper.model.KubernetesNode;
import io.slotkeeper.resources.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What wakes the reconciler: everything that it created, the RedisVersions, and calls of {@link
 * #wake}. Only objects with the operator's label are watched, whatever else a cluster holds.
 */
public final class EventSources {
  /** The kinds that a Redis is made of. */
  static final List<Class<? extends HasMetadata>> PRODUCED =
      List.of(
          Pod.class,
          StatefulSet.class,
          Deployment.class,
          Service.class,
          ConfigMap.class,
          PersistentVolumeClaim.class,
          PodDisruptionBudget.class,
          NetworkPolicy.class);

  /** This many objects are read at once when a cache is filled. */
  private static final long PAGE = 200;

  /** A ConfigMap may have 1 MB, which is trimmed only after it has been read. */
  private static final long PAGE_OF_CONFIG_MAPS = 16;

  private final SimpleInboundEventSource<Redis> wakeUps =
      new SimpleInboundEventSource<>("wake-ups");

  private volatile @Nullable IndexerResourceCache<Redis> redises;
  private volatile @Nullable InformerEventSource<Node, Redis> nodes;
  private volatile @Nullable InformerEventSource<RedisUser, Redis> users;

  public List<EventSource<?, Redis>> all(EventSourceContext<Redis> context) {
    redises = context.getPrimaryCache();
    List<EventSource<?, Redis>> sources = new ArrayList<>();
    PRODUCED.forEach(kind -> sources.add(produced(kind, context)));
    sources.add(versions(context));
    if (context.getClient().supports(RedisUser.class)) {
      InformerEventSource<RedisUser, Redis> asking = userSource(context);
      users = asking;
      sources.add(asking);
    }
    InformerEventSource<Node, Redis> machines = nodeSource(context);
    nodes = machines;
    sources.add(machines);
    sources.add(wakeUps);
    return sources;
  }

  /** All Redises that exist, as far as the watch has reported. */
  public List<Redis> redises() {
    IndexerResourceCache<Redis> cache = redises;
    return cache == null ? List.of() : cache.list().toList();
  }

  /** Whether there is a Redis of this name, as far as the watch has reported. */
  public boolean hasRedis(ResourceID redis) {
    IndexerResourceCache<Redis> cache = redises;
    return cache != null && cache.get(redis).isPresent();
  }

  /**
   * The RedisUsers of a namespace, as far as the watch has reported; empty where the API server
   * does not know the kind, as with the CRDs of a former release.
   */
  public Optional<List<RedisUser>> users(String namespace) {
    InformerEventSource<RedisUser, Redis> source = users;
    return source == null
        ? Optional.empty()
        : Optional.of(source.list(namespace, _ -> true).toList());
  }

  /** The Kubernetes nodes, as far as the watch has reported. */
  public List<KubernetesNode> nodes() {
    InformerEventSource<Node, Redis> source = nodes;
    return source == null ? List.of() : source.list().map(NodeStateReader::of).toList();
  }

  /** They wake no pass: a node reports all the time, and pods show what matters. */
  private static InformerEventSource<Node, Redis> nodeSource(EventSourceContext<Redis> context) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(Node.class, Redis.class)
            .withName("Node")
            .withItemStore(new TrimmingItemStore<>())
            .withInformerListLimit(PAGE)
            .withWatchAllNamespaces()
            .withSecondaryToPrimaryMapper(_ -> Set.of())
            .withPrimaryToSecondaryMapper((Redis _) -> Set.of())
            .build(),
        context);
  }

  /** A change of the status alone, which follows from a pass, wakes none. */
  private static InformerEventSource<RedisUser, Redis> userSource(
      EventSourceContext<Redis> context) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(RedisUser.class, Redis.class)
            .withName("RedisUser")
            .withNamespacesInheritedFromController()
            .withInformerListLimit(PAGE)
            .withOnUpdateFilter((now, before) ->
                !Objects.equals(
                        now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
                    || now.isMarkedForDeletion() != before.isMarkedForDeletion())
            .withSecondaryToPrimaryMapper(EventSources::redisOf)
            .build(),
        context);
  }

  /** None for a user that cannot be read: what it asked for last stays. */
  private static Set<ResourceID> redisOf(RedisUser user) {
    return Optional.ofNullable(user.getSpec())
        .map(spec -> new ResourceID(spec.redisRef().name(), user.getMetadata().getNamespace()))
        .stream()
        .collect(Collectors.toSet());
  }

  /** Triggers a pass over a Redis now. */
  public void wake(ResourceID redis) {
    wakeUps.propagateEvent(redis);
  }

  private static <R extends HasMetadata> EventSource<R, Redis> produced(
      Class<R> kind, EventSourceContext<Redis> context) {
    var configuration =
        InformerEventSourceConfiguration.from(kind, Redis.class)
            .withName(kind.getSimpleName())
            // Not by managed-by: a pod that loses that label still runs, and must be seen.
            .withLabelSelector(Labels.REDIS)
            .withSecondaryToPrimaryMapper(EventSources::owner)
            .withNamespacesInheritedFromController()
            .withInformerListLimit(kind.equals(ConfigMap.class) ? PAGE_OF_CONFIG_MAPS : PAGE);
    // Each watched namespace has an informer of its own; informers that share a store would have to
    // keep each from removing what the others have put there.
    if (context.getControllerConfiguration().getInformerConfig().getNamespaces().size() <= 1) {
      configuration.withItemStore(new TrimmingItemStore<>());
    }
    return new InformerEventSource<>(configuration.build(), context);
  }

  private static Set<ResourceID> owner(HasMetadata object) {
    return Optional.ofNullable(object.getMetadata().getLabels())
        .map(labels -> labels.get(Labels.REDIS))
        .map(name -> new ResourceID(name, object.getMetadata().getNamespace()))
        .stream()
        .collect(Collectors.toSet());
  }

  private static EventSource<RedisVersion, Redis> versions(EventSourceContext<Redis> context) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(RedisVersion.class, Redis.class)
            .withName("RedisVersion")
            .withWatchAllNamespaces()
            .withPrimaryToSecondaryMapper((Redis redis) ->
                versionOf(redis).map(ResourceID::new).stream().collect(Collectors.toSet()))
            .withSecondaryToPrimaryMapper(version ->
                context
                    .getPrimaryCache()
                    .list(redis -> versionOf(redis).filter(named(version)::equals).isPresent())
                    .map(ResourceID::fromResource)
                    .collect(Collectors.toSet()))
            .build(),
        context);
  }

  /** Empty where the spec cannot be read. */
  private static Optional<String> versionOf(Redis redis) {
    return Optional.ofNullable(redis.getSpec()).map(RedisSpec::version);
  }

  private static String named(RedisVersion version) {
    return version.getMetadata().getName();
  }
}
