package io.slotkeeper.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.TerminationPolicy;
import io.slotkeeper.kubernetes.ObjectApplier.Effect;
import io.slotkeeper.kubernetes.ObjectApplier.Result;
import io.slotkeeper.redis.Fanout;
import io.slotkeeper.resources.Owner;
import java.net.HttpURLConnection;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Prepares for a deletion as {@code spec.terminationPolicy} demands: the claims, and the generated
 * Secret, have the Redis as owner if they are to go with it. This needs only the name, the uid and
 * the policy, so nothing else that is wrong with a Redis prevents it; and it is a separate patch,
 * because a claim whose growth is refused must not keep its owner.
 */
public final class Retention {
  private final ObjectApi objects;
  private final Fanout fanout;

  public Retention(ObjectApi objects, Fanout fanout) {
    this.objects = objects;
    this.fanout = fanout;
  }

  /**
   * @param claims those of the Redis that are not being deleted
   * @param secret the generated one
   * @return one for each object that had to be changed; the policy is in force if all succeeded
   */
  public List<Result> prepare(
      Redis redis, Collection<PersistentVolumeClaim> claims, Optional<Secret> secret) {
    Owner owner = Owner.of(redis);
    TerminationPolicy policy = redis.getSpec().terminationPolicy();
    List<Change> changes =
        Stream.concat(
                claims.stream().map(claim -> change(owner, claim, policy.deletesVolumes())),
                secret.stream().map(made -> change(owner, made, policy.deletesSecrets())))
            .flatMap(Optional::stream)
            .toList();
    return changes.isEmpty() ? List.of() : fanout.map(changes, change -> carryOut(owner, change));
  }

  /** The owners that an object is to have from now on. */
  record Change(HasMetadata object, List<OwnerReference> owners) {
    boolean adds() {
      return owners.size() > object.getMetadata().getOwnerReferences().size();
    }

    /** Applies only to the object as it was seen: its other owners are kept. */
    String asMergePatch() {
      return Serialization.asJson(
          Map.of(
              "metadata",
              Map.of(
                  "uid", object.getMetadata().getUid(),
                  "resourceVersion", object.getMetadata().getResourceVersion(),
                  "ownerReferences", owners)));
    }
  }

  /** Empty where the object is as it should be. */
  static Optional<Change> change(Owner owner, HasMetadata object, boolean goes) {
    List<OwnerReference> before = object.getMetadata().getOwnerReferences();
    List<OwnerReference> others =
        before.stream().filter(reference -> !owner.uid().equals(reference.getUid())).toList();
    List<OwnerReference> after =
        goes ? Stream.concat(others.stream(), Stream.of(owner.reference())).toList() : others;
    return after.equals(before) ? Optional.empty() : Optional.of(new Change(object, after));
  }

  private Result carryOut(Owner owner, Change change) {
    try {
      if (change.adds()
          && !objects.isStaying(change.object().getMetadata().getNamespace(), owner)) {
        return new Result(change.object(), Effect.CONFLICT, "the Redis is being deleted");
      }
      HasMetadata now = objects.patch(change.object(), change.asMergePatch());
      return new Result(now, Effect.APPLIED, null);
    } catch (KubernetesClientException e) {
      if (ApiErrors.isUnanswered(e)) {
        throw e;
      }
      return switch (e.getCode()) {
        case HttpURLConnection.HTTP_NOT_FOUND ->
            new Result(change.object(), Effect.APPLIED, null); // it is gone by now
        case HttpURLConnection.HTTP_CONFLICT ->
            new Result(change.object(), Effect.CONFLICT, "it changed meanwhile");
        default ->
            new Result(
                change.object(),
                Effect.REFUSED,
                "the change of its owner: " + ApiErrors.message(e));
      };
    }
  }
}
