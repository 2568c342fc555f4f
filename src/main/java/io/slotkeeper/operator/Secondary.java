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

/** What the caches hold of one Redis. */
record Secondary(Context<Redis> context) {

  Set<Pod> podObjects() {
    return context.getSecondaryResources(Pod.class);
  }

  List<PodView> pods() {
    return context
        .getSecondaryResourcesAsStream(Pod.class)
        .map(PodViews::of)
        .flatMap(Optional::stream)
        .toList();
  }

  /** The RedisVersion that the Redis names. */
  Optional<RedisVersion> version() {
    return context.getSecondaryResource(RedisVersion.class);
  }

  Set<StatefulSet> shards() {
    return context.getSecondaryResources(StatefulSet.class);
  }

  List<String> claimNames() {
    return context
        .getSecondaryResourcesAsStream(PersistentVolumeClaim.class)
        .filter(claim -> claim.getMetadata().getDeletionTimestamp() == null)
        .map(claim -> claim.getMetadata().getName())
        .toList();
  }

  /** The Secret that the operator made. */
  Optional<Secret> authSecret(Redis redis) {
    String name = new Names(redis.getMetadata().getName()).authSecret();
    return context
        .getSecondaryResourcesAsStream(Secret.class)
        .filter(secret -> secret.getMetadata().getName().equals(name))
        .findFirst();
  }

  /** The pods, by name, whose volume claim exists. */
  Set<String> claims() {
    return context
        .getSecondaryResourcesAsStream(PersistentVolumeClaim.class)
        .map(claim -> Names.podOfClaim(claim.getMetadata().getName()))
        .collect(Collectors.toSet());
  }

  /** The node ids written on claims, by pod. */
  Map<String, NodeId> volumes() {
    return volumes(context.getSecondaryResources(PersistentVolumeClaim.class));
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
    return context
        .getSecondaryResourcesAsStream(wanted.getClass())
        .filter(object -> object.getMetadata().getName().equals(wanted.getMetadata().getName()))
        .findFirst();
  }
}
