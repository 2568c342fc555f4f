package io.slotkeeper.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.kubernetes.ObjectApplier.Effect;
import io.slotkeeper.kubernetes.ObjectApplier.Result;
import io.slotkeeper.resources.Owner;
import io.slotkeeper.resources.PodMonitor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is special about the objects of an exporter. They go when they are no longer wanted; and the
 * PodMonitor is of a kind that need not exist, so it is in no cache and is read by its name, once a
 * minute.
 */
public final class ExporterObjects {
  private static final Duration KEPT = Duration.ofMinutes(1);

  /** Some hundred bytes each; one that is forgotten costs a read. */
  private static final int REMEMBERED = 5_000;

  private final ObjectApi objects;
  private final ObjectApplier applier;
  private final InstantSource clock;
  private final Map<String, Read> reads = RecentEntries.map(REMEMBERED);
  private volatile @Nullable Served served;

  private record Read(Optional<GenericKubernetesResource> monitor, Instant at) {}

  private record Served(boolean yes, Instant at) {}

  public ExporterObjects(ObjectApi objects, ObjectApplier applier, InstantSource clock) {
    this.objects = objects;
    this.applier = applier;
    this.clock = clock;
  }

  /** Applies PodMonitors, where the API server has that kind. */
  public List<Result> apply(Owner owner, List<GenericKubernetesResource> monitors) {
    try {
      if (monitors.isEmpty() || !isServed()) {
        return List.of();
      }
      List<Result> results = applier.apply(owner, monitors, this::actual);
      results.forEach(result -> reads.remove(key(result.wanted())));
      return results;
    } catch (KubernetesClientException e) {
      // Nothing else waits for it.
      return monitors.stream()
          .map(monitor -> new Result(monitor, Effect.REFUSED, ApiErrors.message(e)))
          .toList();
    }
  }

  private Optional<GenericKubernetesResource> actual(HasMetadata wanted) {
    Read last = reads.get(key(wanted));
    if (last != null && clock.instant().isBefore(last.at().plus(KEPT))) {
      return last.monitor();
    }
    Read now = new Read(objects.get((GenericKubernetesResource) wanted), clock.instant());
    reads.put(key(wanted), now);
    return now.monitor();
  }

  /**
   * Removes them. The Deployment is the last one: while it is there, this is done again.
   *
   * @param watched those that the caches have, the Deployment last
   */
  public void remove(Owner owner, List<HasMetadata> watched) {
    if (watched.isEmpty()) {
      return;
    }
    String namespace = watched.getFirst().getMetadata().getNamespace();
    if (isServed()) {
      objects
          .get(PodMonitor.named(namespace, owner.redis()))
          .filter(owner::owns)
          .ifPresent(objects::delete);
    }
    objects
        .get(secret(owner, namespace))
        .filter(owner::isExporterSecret)
        .filter(secret -> secret.getData() != null && !secret.getData().isEmpty())
        .ifPresent(this::empty);
    watched.forEach(objects::delete);
  }

  /** It has no password any more; the right to delete a Secret would be one to delete any. */
  private void empty(Secret secret) {
    Secret wanted = Serialization.clone(secret);
    wanted.setData(Map.of());
    wanted.getMetadata().setManagedFields(null);
    objects.apply(wanted);
  }

  private static Secret secret(Owner owner, String namespace) {
    return new SecretBuilder()
        .withMetadata(
            new ObjectMetaBuilder()
                .withNamespace(namespace)
                .withName(owner.names().exporter())
                .build())
        .build();
  }

  private boolean isServed() {
    Served last = served;
    if (last == null || !clock.instant().isBefore(last.at().plus(KEPT))) {
      last = new Served(objects.isServed(PodMonitor.API_VERSION, PodMonitor.KIND), clock.instant());
      served = last;
    }
    return last.yes();
  }

  private static String key(HasMetadata object) {
    return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
  }
}
