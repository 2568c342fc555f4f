package io.slotkeeper.reconcile;

import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.api.TerminationPolicy;
import io.slotkeeper.execute.Outcome;
import io.slotkeeper.kubernetes.ApiErrors;
import io.slotkeeper.kubernetes.EventPublisher;
import io.slotkeeper.kubernetes.LiveKubernetesApi;
import io.slotkeeper.plan.Action;
import io.slotkeeper.reasons.NamespacedCommands;
import io.slotkeeper.reasons.UnknownStatus;
import io.slotkeeper.report.EventRecords;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports what a pass found and did: status where it differs, events, log and metrics. */
public final class StatusReporter {
  private static final Logger log = LoggerFactory.getLogger(StatusReporter.class);

  private final StatusCache statusCache;
  private final LiveKubernetesApi kubernetes;
  private final EventPublisher events;
  private final Metrics metrics;
  private final InstantSource clock;

  /** The termination policy that was last carried out, by the uid of the Redis. */
  private final Map<String, TerminationPolicy> policies = new ConcurrentHashMap<>();

  public StatusReporter(
      StatusCache statusCache,
      LiveKubernetesApi kubernetes,
      EventPublisher events,
      Metrics metrics,
      InstantSource clock) {
    this.statusCache = statusCache;
    this.kubernetes = kubernetes;
    this.events = events;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Keeps only entries of Redises that still exist. */
  public void retain(Set<String> uids) {
    statusCache.retain(uids);
    metrics.retain(uids);
    policies.keySet().retainAll(uids);
  }

  /** From now on this is the policy that a deletion carries out. */
  void inForce(Redis redis, TerminationPolicy policy) {
    policies.put(redis.getMetadata().getUid(), policy);
  }

  private @Nullable TerminationPolicy policyInForce(String uid, @Nullable RedisStatus before) {
    TerminationPolicy policy = policies.get(uid);
    return policy == null && before != null ? before.terminationPolicy() : policy;
  }

  @Nullable RedisStatus statusOf(Redis redis) {
    return statusCache.of(redis);
  }

  /**
   * @param created the names of objects that did not exist before
   */
  void report(
      Redis redis,
      @Nullable RedisStatus before,
      RedisStatus after,
      List<String> created,
      List<Outcome> outcomes) {
    write(redis, before, after, created, Outcome.done(outcomes));
    metrics.passed(redis, before, after, outcomes);
  }

  /**
   * The deletion has begun and something holds it up. No event: from now on it is not the operator
   * that acts.
   */
  Optional<Duration> reportDeleting(Redis redis, @Nullable RedisStatus before) {
    RedisStatus after =
        UnknownStatus.deleting(
            before,
            redis.getMetadata().getGeneration(),
            redis.getMetadata().getFinalizers(),
            clock.instant());
    metrics.passed(redis, before, after, List.of());
    return save(redis, before, after) ? Optional.empty() : Optional.of(Pass.AFTER_FAILURE);
  }

  /**
   * A status that the API server does not take is written in the next pass, with the events about
   * what changed in it. Events about what was done are published now or never.
   */
  private void write(
      Redis redis,
      @Nullable RedisStatus before,
      RedisStatus found,
      List<String> created,
      List<Action> done) {
    String uid = redis.getMetadata().getUid();
    RedisStatus after =
        NamespacedCommands.inNamespace(
            redis.getMetadata().getNamespace(),
            found.withTerminationPolicy(policyInForce(uid, before)));
    events.publish(
        redis,
        save(redis, before, after)
            ? EventRecords.of(before, after, statusCache.lastMasters(uid, before), created, done)
            : EventRecords.of(after, after, Map.of(), created, done));
  }

  /** Whether the API server has it. */
  private boolean save(Redis redis, @Nullable RedisStatus before, RedisStatus after) {
    return StatusNews.write(
        before,
        after,
        () -> {
          kubernetes.writeStatus(redis, before, after);
          statusCache.wrote(redis.getMetadata().getUid(), after);
        },
        e -> log.warn("status not written: {}", ApiErrors.message(e)));
  }

  void log(List<Outcome> outcomes) {
    outcomes.forEach(StatusReporter::log);
  }

  private static void log(Outcome outcome) {
    switch (outcome) {
      case Outcome.Done(Action action) -> log.debug("{}", action);
      case Outcome.Refused(Action action, _, String reason) ->
          log.info("not done, {}: {}", reason, action);
      case Outcome.Unfinished(Action action, String reason) ->
          log.debug("not finished, {}: {}", reason, action);
      case Outcome.Failed(Action action, String reason) ->
          log.warn("failed, {}: {}", reason, action);
    }
  }
}
