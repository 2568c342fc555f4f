package io.slotkeeper.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.slotkeeper.resources.Owner;
import java.util.Optional;

/**
 * Objects of the API server, one at a time: always asked directly, never a cache.
 *
 * @see io.fabric8.kubernetes.client.KubernetesClientException what all of these throw
 */
public interface ObjectApi {

  /** The object of this kind, namespace and name. */
  <T extends HasMetadata> Optional<T> get(T named);

  /** Creates an object; refused (409, {@code AlreadyExists}) where the name is taken. */
  HasMetadata create(HasMetadata wanted);

  /**
   * Applies to the one object that has the uid of the wanted one; refused (409) where another has
   * taken its name. A resourceVersion in the wanted one must be the present one.
   */
  HasMetadata apply(HasMetadata wanted);

  /**
   * The Redis exists and is not being deleted. To be asked before an object that has lost its owner
   * gets it back: {@code kubectl delete --cascade=orphan} removes owners, a cache may hear of that
   * before it hears of the deletion, and an object with a deleted owner is removed.
   */
  boolean isStaying(String namespace, Owner redis);

  /** Deletes this very object, by its uid; nothing happens where it is gone, or is another. */
  void delete(HasMetadata object);

  /** Whether the API server has this kind, which comes with something else. */
  boolean isServed(String apiVersion, String kind);

  /** A JSON merge patch of the object of this kind, namespace and name. */
  HasMetadata patch(HasMetadata named, String merge);
}
