package io.slotkeeper.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisVersion;
import io.slotkeeper.model.PodState;
import io.slotkeeper.model.SentinelPod;
import io.slotkeeper.observe.ClaimState;
import io.slotkeeper.observe.Inventory;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.Names;
import io.slotkeeper.resources.Owner;
import io.slotkeeper.resources.PodName;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the caches hold of one Redis: the objects that carry its labels, except those that do not
 * belong to it ({@link Owner}). Each kind is read once for a pass: a Secret that its user has just
 * changed must not be compared in its new state with objects made from its old one, and so be
 * overwritten. Secrets are in no cache, because the right to watch some is the right to read all:
 * those that the operator makes are read by their names.
 */
public final class OwnedObjects {
  private final Context<Redis> context;
  private final Owner owner;
  private final Supplier<List<Secret>> secrets;
  private final Map<Class<?>, Set<? extends HasMetadata>> seen = new HashMap<>();

  /**
   * @param secrets those that have the names of the ones that the operator makes
   */
  public OwnedObjects(Context<Redis> context, Owner owner, Supplier<List<Secret>> secrets) {
    this.context = context;
    this.owner = owner;
    this.secrets = secrets;
  }

  @SuppressWarnings("unchecked") // the set was put there for this class
  private <R extends HasMetadata> Set<R> all(Class<R> kind) {
    return (Set<R>) seen.computeIfAbsent(kind, _ -> read(kind));
  }

  private Set<? extends HasMetadata> read(Class<? extends HasMetadata> kind) {
    return kind.equals(Secret.class)
        ? Set.copyOf(secrets.get())
        : context.getSecondaryResources(kind);
  }

  public Names names() {
    return owner.names();
  }

  public List<Pod> podObjects() {
    return all(Pod.class).stream().filter(pod -> place(pod).isPresent()).toList();
  }

  public List<PodState> pods() {
    return all(Pod.class).stream()
        .flatMap(pod -> place(pod).map(name -> PodStateReader.of(pod, name)).stream())
        .toList();
  }

  private Optional<PodName> place(Pod pod) {
    return owner.pod(pod, all(StatefulSet.class));
  }

  /** The RedisVersion that the Redis names. */
  public Optional<RedisVersion> version() {
    return context.getSecondaryResource(RedisVersion.class);
  }

  public List<StatefulSet> shards() {
    return all(StatefulSet.class).stream()
        .filter(owner::owns)
        .filter(set -> owner.names().shardOf(set.getMetadata().getName()).isPresent())
        .toList();
  }

  /** Those of the shards, and that of the Sentinels. */
  public List<StatefulSet> statefulSets() {
    return Stream.concat(shards().stream(), sentinelSets()).toList();
  }

  /** Those of the servers and Sentinels. */
  public List<Pod> allPodObjects() {
    return all(Pod.class).stream()
        .filter(pod -> place(pod).isPresent() || sentinel(pod).isPresent())
        .toList();
  }

  private OptionalInt sentinel(Pod pod) {
    return owner.sentinel(pod, all(StatefulSet.class));
  }

  /** The pods of the Sentinels. */
  public List<SentinelPod> sentinels() {
    return all(Pod.class).stream()
        .flatMap(pod ->
            sentinel(pod).stream().mapToObj(ordinal -> PodStateReader.sentinel(pod, ordinal)))
        .toList();
  }

  private Stream<StatefulSet> sentinelSets() {
    return all(StatefulSet.class).stream()
        .filter(owner::owns)
        .filter(set -> set.getMetadata().getName().equals(owner.names().sentinels()));
  }

  /** Carries all labels of this Redis and does not belong to it. */
  public List<HasMetadata> foreignObjects() {
    return EventSources.PRODUCED.stream()
        .flatMap(kind -> all(kind).stream())
        .<HasMetadata>map(object -> object)
        .filter(Labels::isManaged)
        .filter(object ->
            switch (object) {
              case Pod pod -> place(pod).isEmpty() && sentinel(pod).isEmpty();
              case PersistentVolumeClaim claim -> owner.claim(claim).isEmpty();
              default -> owner.isForeign(object);
            })
        .toList();
  }

  /** The claims that belong to this Redis and are not being deleted. */
  public List<PersistentVolumeClaim> ownClaims() {
    return all(PersistentVolumeClaim.class).stream()
        .filter(owner::mayChange)
        .filter(claim -> claim.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  /** The shards that have a claim which goes with the deleted Redis of this name. */
  public Set<Integer> leavingClaims() {
    return all(PersistentVolumeClaim.class).stream()
        .filter(claim -> owner.ownership(claim) == Owner.Ownership.FORMER)
        .flatMap(claim -> owner.claim(claim).stream())
        .map(PodName::shard)
        .collect(Collectors.toSet());
  }

  /** The Secret that the operator generated, for this Redis or for a deleted one of its name. */
  public Optional<Secret> authSecret() {
    return all(Secret.class).stream().filter(owner::isGenerated).findFirst();
  }

  /** The Secret that servers start with. */
  public Optional<Secret> serverSecret() {
    return all(Secret.class).stream().filter(owner::isServerSecret).findFirst();
  }

  /** The Secret with the certificate that servers present. */
  public Optional<Secret> tlsSecret() {
    return all(Secret.class).stream().filter(owner::isTlsSecret).findFirst();
  }

  /** The Secret with the authority that has issued it. */
  public Optional<Secret> authoritySecret() {
    return all(Secret.class).stream().filter(owner::isAuthoritySecret).findFirst();
  }

  /** The Secret for applications. */
  public Optional<Secret> bindingSecret() {
    return all(Secret.class).stream().filter(owner::isBindingSecret).findFirst();
  }

  /** The Secret that the exporter starts with. */
  public Optional<Secret> exporterSecret() {
    return all(Secret.class).stream().filter(owner::isExporterSecret).findFirst();
  }

  /** What is watched of the exporter, the Deployment last. */
  public List<HasMetadata> exporter() {
    return Stream.of(Service.class, NetworkPolicy.class, Deployment.class)
        .flatMap(kind -> all(kind).stream())
        .<HasMetadata>map(object -> object)
        .filter(owner::owns)
        .filter(object -> object.getMetadata().getName().equals(owner.names().exporter()))
        .toList();
  }

  /** The password in it, if it has one. */
  public Optional<String> boundPassword() {
    return bindingSecret().flatMap(Passwords::bound);
  }

  /** A Secret that has the name of the one for applications, and is not of this Redis. */
  public Optional<HasMetadata> strangeBinding() {
    return all(Secret.class).stream()
        .filter(owner::isStrangeBinding)
        .<HasMetadata>map(secret -> secret)
        .findFirst();
  }

  public Inventory inventory() {
    Map<Integer, StatefulSet> sets = new HashMap<>();
    for (StatefulSet set : shards()) {
      owner.names().shardOf(set.getMetadata().getName()).ifPresent(shard -> sets.put(shard, set));
    }
    return Inventory.of(sets, claims(owner, all(PersistentVolumeClaim.class)))
        .withSentinels(sentinelSets().findAny().isPresent());
  }

  /** By the name of their pod. */
  static Map<String, ClaimState> claims(Owner owner, Collection<PersistentVolumeClaim> claims) {
    Map<String, ClaimState> byPod = new HashMap<>();
    for (PersistentVolumeClaim claim : claims) {
      owner.claim(claim).ifPresent(pod -> byPod.put(pod.toString(), ClaimState.of(claim)));
    }
    return byPod;
  }

  /** The ConfigMap that the operator created: no other one belongs to a Redis. */
  public Optional<ConfigMap> configMap() {
    return all(ConfigMap.class).stream().filter(owner::owns).findFirst();
  }

  /** The pods, by name, whose volume claim exists. */
  public Set<String> claims() {
    return all(PersistentVolumeClaim.class).stream()
        .flatMap(claim -> owner.claim(claim).stream())
        .map(PodName::toString)
        .collect(Collectors.toSet());
  }

  /** The node ids that claims are annotated with, by pod, whether that pod is wanted or not. */
  public Map<String, NodeId> annotatedClaims() {
    return annotatedClaims(owner, all(PersistentVolumeClaim.class));
  }

  static Map<String, NodeId> annotatedClaims(
      Owner owner, Collection<PersistentVolumeClaim> claims) {
    Map<String, NodeId> volumes = new HashMap<>();
    for (PersistentVolumeClaim claim : claims) {
      Optional<String> id =
          Optional.ofNullable(claim.getMetadata().getAnnotations())
              .map(annotations -> annotations.get(Labels.NODE_ID))
              .filter(NodeId::isValid);
      owner
          .claim(claim)
          .ifPresent(pod -> id.ifPresent(value -> volumes.put(pod.toString(), new NodeId(value))));
    }
    return volumes;
  }

  /** The object of the same kind and name. */
  public Optional<? extends HasMetadata> find(HasMetadata wanted) {
    return all(wanted.getClass()).stream()
        .filter(object -> object.getMetadata().getName().equals(wanted.getMetadata().getName()))
        .findFirst();
  }
}
