package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.slotkeeper.api.Redis;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A Redis as the owner of objects. Labels only select: anyone can write them. An object belongs to
 * a Redis if its controller reference has the uid of this Redis and its name is the one derived for
 * its kind. Pods and claims are created by a StatefulSet: see {@link #pod} and {@link #claim}.
 *
 * @param redis the name of the Redis
 * @param uid of the Redis: a new one with the old name has another
 */
public record Owner(String redis, String uid) {

  /**
   * A label that the StatefulSet controller puts on each pod (apps/v1, StatefulSetPodNameLabel).
   */
  private static final String POD_NAME = "statefulset.kubernetes.io/pod-name";

  /** How an object relates to a Redis, whatever the object's name. */
  public enum Ownership {
    /** This Redis is its controller. */
    OWNED,
    /**
     * It has the labels of this Redis and no owner: kept by the termination policy, or by {@code
     * kubectl delete --cascade=orphan}.
     */
    UNOWNED,
    /** Its controller is a deleted Redis of this name. The garbage collector removes it. */
    FORMER,
    /** It belongs to something else, or carries no sign that Slotkeeper created it. */
    FOREIGN
  }

  public static Owner of(Redis redis) {
    return new Owner(redis.getMetadata().getName(), redis.getMetadata().getUid());
  }

  public Names names() {
    return new Names(redis);
  }

  /** The reference that makes an object go with this Redis. */
  public OwnerReference reference() {
    return new OwnerReferenceBuilder()
        .withApiVersion(HasMetadata.getApiVersion(Redis.class))
        .withKind(HasMetadata.getKind(Redis.class))
        .withName(redis)
        .withUid(uid)
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
  }

  public Ownership ownership(HasMetadata object) {
    List<OwnerReference> owners = object.getMetadata().getOwnerReferences();
    OwnerReference controller = controller(object);
    if (controller == null) {
      return !owners.isEmpty() && owners.stream().allMatch(owner -> uid.equals(owner.getUid()))
          ? Ownership.OWNED
          : owners.isEmpty() && isLabelled(object) ? Ownership.UNOWNED : Ownership.FOREIGN;
    }
    if (uid.equals(controller.getUid())) {
      return Ownership.OWNED;
    }
    return isRedis(controller) && redis.equals(controller.getName())
        ? Ownership.FORMER
        : Ownership.FOREIGN;
  }

  /** Whether this Redis owns the object: controller and name are as they must be. */
  public boolean owns(HasMetadata object) {
    return isNamed(object) && ownership(object) == Ownership.OWNED;
  }

  /**
   * The place of a pod in this Redis; empty for a pod of anything else.
   *
   * <p>A pod that is overlooked looks dead, and its successor would be promoted beside it. So a pod
   * counts while a StatefulSet of the derived name is its controller, even one that is deleted by
   * now: its server runs until the garbage collector removes it. So does one that a StatefulSet
   * created and that has no controller ({@code kubectl delete statefulset --cascade=orphan}): the
   * next StatefulSet of that name adopts it.
   *
   * @param shards the StatefulSets that are known to exist
   */
  public Optional<PodName> pod(Pod pod, Iterable<StatefulSet> shards) {
    return names()
        .place(pod.getMetadata().getName())
        .filter(name -> isOf(pod, names().shard(name.shard()), shards));
  }

  /**
   * The number of a Sentinel's pod of this Redis; empty for a pod of anything else.
   *
   * @param sets the StatefulSets that are known to exist
   */
  public OptionalInt sentinel(Pod pod, Iterable<StatefulSet> sets) {
    OptionalInt ordinal = names().sentinelOf(pod.getMetadata().getName());
    return ordinal.isPresent() && isOf(pod, names().sentinels(), sets)
        ? ordinal
        : OptionalInt.empty();
  }

  private boolean isOf(Pod pod, String statefulSet, Iterable<StatefulSet> sets) {
    OwnerReference controller = controller(pod);
    if (!redis.equals(label(pod, Labels.REDIS))) {
      return false;
    }
    if (controller == null) {
      return pod.getMetadata().getName().equals(label(pod, POD_NAME));
    }
    for (StatefulSet set : sets) {
      if (controller.getUid().equals(set.getMetadata().getUid())
          && ownership(set) == Ownership.FOREIGN) {
        return false;
      }
    }
    return HasMetadata.getKind(StatefulSet.class).equals(controller.getKind())
        && HasMetadata.getApiVersion(StatefulSet.class).equals(controller.getApiVersion())
        && statefulSet.equals(controller.getName());
  }

  /**
   * The pod that a claim is for; empty for a claim that no StatefulSet of this Redis mounts. A pod
   * gets its volume by name alone, whatever the claim's owner.
   */
  public Optional<PodName> claim(PersistentVolumeClaim claim) {
    return isLabelled(claim)
        ? names().placeOfClaim(claim.getMetadata().getName())
        : Optional.empty();
  }

  /** The owner of an object, in words for people. */
  public String describe(HasMetadata object) {
    List<OwnerReference> owners = object.getMetadata().getOwnerReferences();
    OwnerReference controller = controller(object);
    OwnerReference first = controller != null || owners.isEmpty() ? controller : owners.getFirst();
    return first == null
        ? "it has no owner, and not both labels %s=%s and %s=%s, which you may put back if it was made for this Redis"
            .formatted(Labels.MANAGED_BY, Labels.MANAGER, Labels.REDIS, redis)
        : "its owner is %s %s".formatted(first.getKind(), first.getName());
  }

  /**
   * An object that carries the labels of this Redis and is none of its objects: a copy made by a
   * user, say. It is left alone.
   */
  public boolean isForeign(HasMetadata object) {
    return !isNamed(object) || ownership(object) == Ownership.FOREIGN;
  }

  /** A claim that may be changed for this Redis: nothing else owns it. */
  public boolean mayChange(PersistentVolumeClaim claim) {
    return claim(claim).isPresent() && isOwnedOrUnowned(claim);
  }

  /** The Secret that Slotkeeper generated for this Redis, or for a deleted one of its name. */
  public boolean isGenerated(Secret secret) {
    return names().authSecret().equals(secret.getMetadata().getName())
        && AuthSecret.TYPE.equals(secret.getType())
        && isLabelled(secret)
        && isOwnedOrUnowned(secret);
  }

  /** The Secret that Slotkeeper made for the servers of this Redis. */
  public boolean isServerSecret(Secret secret) {
    return names().serverSecret().equals(secret.getMetadata().getName())
        && ServerSecret.TYPE.equals(secret.getType())
        && isLabelled(secret)
        && isOwnedOrUnowned(secret);
  }

  /** The Secret that Slotkeeper made with the certificate of this Redis. */
  public boolean isTlsSecret(Secret secret) {
    return names().tlsSecret().equals(secret.getMetadata().getName())
        && ServedCertificate.TYPE.equals(secret.getType())
        && isLabelled(secret)
        && isOwnedOrUnowned(secret);
  }

  /** The Secret that Slotkeeper made with the authority of this Redis. */
  public boolean isAuthoritySecret(Secret secret) {
    return names().authoritySecret().equals(secret.getMetadata().getName())
        && AuthoritySecret.TYPE.equals(secret.getType())
        && isLabelled(secret)
        && isOwnedOrUnowned(secret);
  }

  /** The Secret that Slotkeeper made for the applications that use this Redis. */
  public boolean isBindingSecret(Secret secret) {
    return isOfBindings(secret) && isOwnedOrUnowned(secret);
  }

  /** A Secret that has the place of the one for applications, and is none of Slotkeeper's. */
  public boolean isStrangeBinding(Secret secret) {
    return names().bindingSecret().equals(secret.getMetadata().getName())
        && !(isOfBindings(secret) && ownership(secret) != Ownership.FOREIGN);
  }

  /** The Secret that Slotkeeper made for the exporter of this Redis. */
  public boolean isExporterSecret(Secret secret) {
    return names().exporter().equals(secret.getMetadata().getName())
        && ExporterSecret.TYPE.equals(secret.getType())
        && owns(secret);
  }

  private boolean isOfBindings(Secret secret) {
    return names().bindingSecret().equals(secret.getMetadata().getName())
        && BindingSecret.TYPE.equals(secret.getType());
  }

  private boolean isOwnedOrUnowned(HasMetadata object) {
    Ownership standing = ownership(object);
    return standing == Ownership.OWNED || standing == Ownership.UNOWNED;
  }

  private boolean isLabelled(HasMetadata object) {
    return Labels.isManaged(object) && redis.equals(label(object, Labels.REDIS));
  }

  private boolean isNamed(HasMetadata object) {
    String name = object.getMetadata().getName();
    return switch (object) {
      case StatefulSet _, PodDisruptionBudget _ ->
          names().shardOf(name).isPresent() || name.equals(names().sentinels());
      case Service _ ->
          name.equals(names().clientService())
              || name.equals(names().replicasService())
              || name.equals(names().sentinels())
              || name.equals(names().governingService())
              || name.equals(names().exporter());
      case ConfigMap _ -> name.equals(names().configMap());
      case Secret _ ->
          name.equals(names().authSecret())
              || name.equals(names().serverSecret())
              || name.equals(names().bindingSecret())
              || name.equals(names().exporter())
              || name.equals(names().tlsSecret())
              || name.equals(names().authoritySecret());
      case NetworkPolicy _ ->
          name.equals(names().networkPolicy()) || name.equals(names().exporter());
      case Deployment _ -> name.equals(names().exporter());
      case GenericKubernetesResource monitor ->
          PodMonitor.is(monitor) && name.equals(names().exporter());
      case PersistentVolumeClaim _ -> names().placeOfClaim(name).isPresent();
      default -> false;
    };
  }

  private static boolean isRedis(OwnerReference owner) {
    return HasMetadata.getKind(Redis.class).equals(owner.getKind())
        && owner.getApiVersion() != null
        && owner.getApiVersion().startsWith(Redis.GROUP + "/");
  }

  private static @Nullable OwnerReference controller(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
        .findFirst()
        .orElse(null);
  }

  private static @Nullable String label(HasMetadata object, String label) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels == null ? null : labels.get(label);
  }
}
