package io.slotkeeper.kubernetes;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.slotkeeper.model.Finding;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What only events say of pods: why the API server does not let one be created (a quota, an
 * admission policy, a missing PriorityClass), and what the kubelet cannot prepare for one (volumes,
 * network). Events are read only where a pod is missing or does not start, and for a few pods at a
 * time: one cause keeps all from starting.
 */
public final class PodEvents {
  /** How long a pod may be missing before events are read. */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(10);
  private static final int MOST_ASKED = 3;
  private static final long MOST_EVENTS = 200;
  private static final Logger log = LoggerFactory.getLogger(PodEvents.class);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Map<String, Trouble> troubles = new ConcurrentHashMap<>();

  /**
   * @param since when it was first seen
   * @param asked when events were last read
   */
  private record Trouble(Instant since, Instant asked, List<Finding> findings) {}

  public PodEvents(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  /**
   * @param uid of the Redis
   */
  public List<Finding> of(String uid, Collection<StatefulSet> sets, Collection<Pod> pods) {
    Map<StatefulSet, String> missing = missing(sets, pods);
    List<Pod> waiting =
        pods.stream().filter(pod -> PodReports.isWaiting(pod, clock.instant())).toList();
    if (missing.isEmpty() && waiting.isEmpty()) {
      troubles.remove(uid);
      return List.of();
    }
    Instant now = clock.instant();
    Trouble trouble = troubles.computeIfAbsent(uid, _ -> new Trouble(now, Instant.MIN, List.of()));
    if (trouble.since().plus(PATIENCE).isAfter(now)
        || trouble.asked().isAfter(now.minus(BETWEEN_QUESTIONS))) {
      return trouble.findings();
    }
    List<Finding> findings =
        Stream.concat(
                missing.entrySet().stream()
                    .limit(MOST_ASKED)
                    .flatMap(entry ->
                        PodReports.refusal(events(entry.getKey()), entry.getValue(), now).stream()),
                waiting.stream()
                    .limit(MOST_ASKED)
                    .flatMap(pod -> PodReports.rejection(events(pod), pod, now).stream()))
            .toList();
    troubles.put(uid, new Trouble(trouble.since(), now, findings));
    return findings;
  }

  public void retain(Set<String> uids) {
    troubles.keySet().retainAll(uids);
  }

  /** The first pod that each lacks. */
  private static Map<StatefulSet, String> missing(
      Collection<StatefulSet> sets, Collection<Pod> pods) {
    Set<String> there = pods.stream().map(PodEvents::name).collect(Collectors.toSet());
    Map<StatefulSet, String> missing = new LinkedHashMap<>();
    for (StatefulSet set : sets) {
      if (set.getMetadata().getDeletionTimestamp() == null) {
        IntStream.range(0, Optional.ofNullable(set.getSpec().getReplicas()).orElse(1))
            .mapToObj(ordinal -> name(set) + "-" + ordinal)
            .filter(pod -> !there.contains(pod))
            .findFirst()
            .ifPresent(pod -> missing.put(set, pod));
      }
    }
    return missing;
  }

  private List<Event> events(HasMetadata object) {
    try {
      return new ArrayList<>(
          client
              .v1()
              .events()
              .inNamespace(object.getMetadata().getNamespace())
              .withField("involvedObject.uid", object.getMetadata().getUid())
              .list(new ListOptionsBuilder().withLimit(MOST_EVENTS).build())
              .getItems());
    } catch (KubernetesClientException e) {
      log.atInfo()
          .addKeyValue("object", name(object))
          .addKeyValue("code", e.getCode())
          .log("events not read");
      return List.of();
    }
  }

  private static String name(HasMetadata object) {
    return object.getMetadata().getName();
  }
}
