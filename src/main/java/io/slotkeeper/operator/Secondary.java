package io.slotkeeper.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisVersion;
import io.slotkeeper.observe.PodView;
import io.slotkeeper.observe.PodViews;
import io.slotkeeper.redis.NodeId;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.Names;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the caches hold of one Redis. Each kind is read once for a pass: a Secret that its user has
 * just changed must not be compared as it is with what was made of it as it was, and so be written
 * over.
 */
final class Secondary {
  private final Context<Redis> context;
  private final Map<Class<?>, Set<? extends HasMetadata>> seen = new HashMap<>();

  Secondary(Context<Redis> context) {
    this.context = context;
  }

  @SuppressWarnings("unchecked") // the set was put there for this class
  private <R extends HasMetadata> Set<R> all(Class<R> kind) {
    return (Set<R>) seen.computeIfAbsent(kind, _ -> context.getSecondaryResources(kind));
  }

  Set<Pod> podObjects() {
    return all(Pod.class);
  }

  List<PodView> pods() {
    return all(Pod.class).stream().map(PodViews::of).flatMap(Optional::stream).toList();
  }

  /** The RedisVersion that the Redis names. */
  Optional<RedisVersion> version() {
    return context.getSecondaryResource(RedisVersion.class);
  }

  Set<StatefulSet> shards() {
    return all(StatefulSet.class);
  }

  List<String> claimNames() {
    return all(PersistentVolumeClaim.class).stream()
        .filter(claim -> claim.getMetadata().getDeletionTimestamp() == null)
        .map(claim -> claim.getMetadata().getName())
        .toList();
  }

  /** The Secret that the operator made. */
  Optional<Secret> authSecret(Redis redis) {
    String name = new Names(redis.getMetadata().getName()).authSecret();
    return all(Secret.class).stream()
        .filter(secret -> secret.getMetadata().getName().equals(name))
        .findFirst();
  }

  /** The pods, by name, whose volume claim exists. */
  Set<String> claims() {
    return all(PersistentVolumeClaim.class).stream()
        .map(claim -> Names.podOfClaim(claim.getMetadata().getName()))
        .collect(Collectors.toSet());
  }

  /** The node ids written on claims, by pod. */
  Map<String, NodeId> volumes() {
    return volumes(all(PersistentVolumeClaim.class));
  }

  static Map<String, NodeId> volumes(Collection<PersistentVolumeClaim> claims) {
    Map<String, NodeId> volumes = new HashMap<>();
    for (PersistentVolumeClaim claim : claims) {
      Optional.ofNullable(claim.getMetadata().getAnnotations())
          .map(annotations -> annotations.get(Labels.NODE_ID))
          .filter(NodeId::isValid)
          .ifPresent(
              id -> volumes.put(Names.podOfClaim(claim.getMetadata().getName()), new NodeId(id)));
    }
    return volumes;
  }

  /** The object of the same kind and name. */
  Optional<? extends HasMetadata> find(HasMetadata wanted) {
    return all(wanted.getClass()).stream()
        .filter(object -> object.getMetadata().getName().equals(wanted.getMetadata().getName()))
        .findFirst();
  }
}
