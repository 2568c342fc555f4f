package io.slotkeeper.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.slotkeeper.api.Redis;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reminds the controller of a StatefulSet that lacks a pod. While a pod of a deleted StatefulSet
 * still has the name, its successor's controller fails to make its own, waits twice as long after
 * each failure, up to a quarter of an hour, and is not told when the name becomes free, for the pod
 * was not its own. Any change of the StatefulSet makes it try at once.
 */
final class MissingPods {
  /** An annotation of a StatefulSet: when its controller was last reminded. */
  static final String REMINDED = Redis.GROUP + "/reminded-at";

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Logger log = LoggerFactory.getLogger(MissingPods.class);

  private final KubernetesClient client;
  private final InstantSource clock;

  MissingPods(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  void remind(Collection<Pod> pods, Collection<StatefulSet> shards) {
    for (StatefulSet shard : lacking(pods, shards, clock.instant())) {
      try {
        client
            .resource(shard)
            .edit(found ->
                new StatefulSetBuilder(found)
                    .editMetadata()
                    .addToAnnotations(REMINDED, clock.instant().toString())
                    .endMetadata()
                    .build());
        log.info("statefulset {} lacks a pod: reminded", shard.getMetadata().getName());
      } catch (KubernetesClientException e) {
        log.info("statefulset {} not reminded: {}", shard.getMetadata().getName(), e.getMessage());
      }
    }
  }

  /** Those that have been without a pod, or have been reminded of it, for a while. */
  static List<StatefulSet> lacking(
      Collection<Pod> pods, Collection<StatefulSet> shards, Instant now) {
    Set<String> there = pods.stream().map(MissingPods::name).collect(Collectors.toSet());
    return shards.stream()
        .filter(shard -> shard.getMetadata().getDeletionTimestamp() == null)
        .filter(shard ->
            !IntStream.range(0, shard.getSpec().getReplicas())
                .allMatch(ordinal -> there.contains(name(shard) + "-" + ordinal)))
        .filter(shard -> lastTold(shard).plus(PATIENCE).isBefore(now))
        .toList();
  }

  /** Anyone can write an annotation: one that is no time says nothing. */
  private static Instant lastTold(StatefulSet shard) {
    var meta = shard.getMetadata();
    Instant created = Instant.parse(meta.getCreationTimestamp());
    String told = meta.getAnnotations() == null ? null : meta.getAnnotations().get(REMINDED);
    try {
      return told == null ? created : Instant.parse(told);
    } catch (DateTimeParseException e) {
      return created;
    }
  }

  private static String name(HasMetadata object) {
    return object.getMetadata().getName();
  }
}
