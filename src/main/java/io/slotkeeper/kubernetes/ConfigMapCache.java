package io.slotkeeper.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.slotkeeper.api.Redis;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The ConfigMaps that Redises name, each read at most every few seconds however many passes there
 * are. While the API server does not answer, its last answer holds.
 */
public final class ConfigMapCache {
  private static final Duration KEPT = Duration.ofSeconds(5);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Map<String, Read> reads = new ConcurrentHashMap<>();

  private record Read(String name, Optional<ConfigMap> map, Instant at) {}

  public ConfigMapCache(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  /**
   * @throws KubernetesClientException where the API server does not answer and never did
   */
  public Optional<ConfigMap> get(Redis redis, String name) {
    String uid = redis.getMetadata().getUid();
    Read read = reads.get(uid);
    Read last = read != null && read.name().equals(name) ? read : null;
    if (last != null && last.at().plus(KEPT).isAfter(clock.instant())) {
      return last.map();
    }
    try {
      Optional<ConfigMap> map =
          Optional.ofNullable(
              client
                  .configMaps()
                  .inNamespace(redis.getMetadata().getNamespace())
                  .withName(name)
                  .get());
      reads.put(uid, new Read(name, map, clock.instant()));
      return map;
    } catch (KubernetesClientException e) {
      if (last == null) {
        throw e;
      }
      reads.put(uid, new Read(name, last.map(), clock.instant())); // read again in a while
      return last.map();
    }
  }

  /** Keeps only entries of Redises that still exist. */
  public void retain(Set<String> uids) {
    reads.keySet().retainAll(uids);
  }
}
