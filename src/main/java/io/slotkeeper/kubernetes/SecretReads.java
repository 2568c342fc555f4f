package io.slotkeeper.kubernetes;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.slotkeeper.api.Redis;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Secrets, read by their names: the right to watch some is the right to read all. One is kept for
 * seconds, so that a busy resource does not read it dozens of times.
 */
final class SecretReads {
  private static final Duration KEPT = Duration.ofSeconds(5);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Set<String> keys;
  private final Map<Place, Read> reads = new ConcurrentHashMap<>();

  /** A Secret, by its name, of the Redis with that uid. */
  private record Place(String uid, String name) {}

  private record Read(Optional<Secret> secret, Instant at) {
    @Override
    public String toString() {
      return "a Secret";
    }
  }

  /**
   * @param keys of which the data is kept: others of a user's Secret are of no use, and may be
   *     large
   */
  SecretReads(KubernetesClient client, InstantSource clock, Set<String> keys) {
    this.client = client;
    this.clock = clock;
    this.keys = keys;
  }

  /** As it was some seconds ago at most, where the API server answers. */
  Optional<Secret> read(Redis redis, String name) {
    Place place = new Place(redis.getMetadata().getUid(), name);
    Read last = reads.get(place);
    if (last != null && last.at().plus(KEPT).isAfter(clock.instant())) {
      return last.secret();
    }
    Optional<Secret> secret;
    try {
      secret = now(redis, name).map(this::reduced);
    } catch (KubernetesClientException e) {
      if (last == null) {
        throw e;
      }
      secret = last.secret(); // servers run on, and so does healing; it is read again in a while
    }
    reads.put(place, new Read(secret, clock.instant()));
    return secret;
  }

  /** As it is at this moment, with all of its keys. */
  Optional<Secret> now(Redis redis, String name) {
    return Optional.ofNullable(
        client.secrets().inNamespace(redis.getMetadata().getNamespace()).withName(name).get());
  }

  /** Those of this Redis are outdated. */
  void reread(Redis redis) {
    reads.keySet().removeIf(place -> place.uid().equals(redis.getMetadata().getUid()));
  }

  void retain(Set<String> uids) {
    reads.keySet().removeIf(place -> !uids.contains(place.uid()));
  }

  private Secret reduced(Secret secret) {
    Map<String, String> data =
        new HashMap<>(Optional.ofNullable(secret.getData()).orElse(Map.of()));
    data.keySet().retainAll(keys);
    return new SecretBuilder()
        .withNewMetadataLike(secret.getMetadata())
        .withManagedFields(List.of())
        .endMetadata()
        .withType(secret.getType())
        .withData(data)
        .build();
  }
}
