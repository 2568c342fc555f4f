package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.api.TerminationPolicy;
import io.slotkeeper.execute.Outcome;
import io.slotkeeper.kubernetes.ApiErrors;
import io.slotkeeper.kubernetes.EventPublisher;
import io.slotkeeper.kubernetes.LiveKubernetesApi;
import io.slotkeeper.plan.Action;
import io.slotkeeper.reasons.NamespacedCommands;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.reasons.UnknownStatus;
import io.slotkeeper.report.EventRecords;
import io.slotkeeper.report.StatusBuilder;
import io.slotkeeper.report.StatusInput;
import io.slotkeeper.report.StatusMemory;
import io.slotkeeper.resources.Labels;
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

  /** A server that writes a file gives no event when it has done so. */
  private static final Duration SOON = Duration.ofSeconds(1);

  /** When to look again after a pass that could not observe or plan. */
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

  private final StatusCache statusCache;
  private final LiveKubernetesApi kubernetes;
  private final EventPublisher events;
  private final Metrics metrics;
  private final RequeueDelays requeueDelays;
  private final InstantSource clock;

  /** The termination policy that was last carried out, by the uid of the Redis. */
  private final Map<String, TerminationPolicy> policies = new ConcurrentHashMap<>();

  public StatusReporter(
      StatusCache statusCache,
      LiveKubernetesApi kubernetes,
      EventPublisher events,
      Metrics metrics,
      RequeueDelays requeueDelays,
      InstantSource clock) {
    this.statusCache = statusCache;
    this.kubernetes = kubernetes;
    this.events = events;
    this.metrics = metrics;
    this.requeueDelays = requeueDelays;
    this.clock = clock;
  }

  /** Keeps only entries of Redises that still exist. */
  public void retain(Set<String> uids) {
    statusCache.retain(uids);
    requeueDelays.retain(uids);
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

  /** When to look again. */
  Duration report(Redis redis, @Nullable RedisStatus before, PassResult pass) {
    String uid = redis.getMetadata().getUid();
    pass.outcomes().forEach(this::log);
    StatusInput report =
        new StatusInput(
            redis.getMetadata().getGeneration(),
            pass.desired().topology(),
            Labels.asText(Labels.masters(redis.getMetadata().getName())),
            pass.view(),
            pass.plan(),
            StatusMemory.after(
                pass.view().remembered(), pass.desired().topology(), pass.plan(), pass.outcomes()),
            pass.problem(),
            pass.desired().warnings(),
            pass.halted(),
            clock.instant(),
            pass.pending(),
            pass.reported());
    RedisStatus after = StatusBuilder.status(before, report);
    write(redis, before, after, pass.created(), Outcome.done(pass.outcomes()));
    metrics.passed(redis, after, pass.outcomes());
    Duration rest = requeueDelays.next(uid, pass.plan());
    boolean changing =
        pass.stale().filter(p -> p.reason() == Reason.ChangingPersistence).isPresent();
    return changing && rest.compareTo(SOON) > 0 ? SOON : rest;
  }

  /** The servers could not be observed, or nothing was planned: the old status no longer holds. */
  Duration reportUnknown(Redis redis, @Nullable RedisStatus before, List<Problem> failures) {
    RedisStatus after =
        UnknownStatus.of(
            before, redis.getMetadata().getGeneration(), failures.getFirst(), clock.instant());
    write(redis, before, after, List.of(), List.of());
    metrics.passed(redis, after, List.of());
    return AFTER_FAILURE;
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
    metrics.passed(redis, after, List.of());
    return save(redis, before, after) ? Optional.empty() : Optional.of(AFTER_FAILURE);
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
    if (after.equals(before)) {
      return true;
    }
    try {
      kubernetes.writeStatus(redis, before, after);
      statusCache.wrote(redis.getMetadata().getUid(), after);
      return true;
    } catch (KubernetesClientException e) {
      log.warn("status not written: {}", ApiErrors.message(e));
      return false;
    }
  }

  private void log(Outcome outcome) {
    switch (outcome) {
      case Outcome.Done(Action action) -> log.debug("{}", action);
      case Outcome.Refused(Action action, String reason) ->
          log.info("not done, {}: {}", reason, action);
      case Outcome.Unfinished(Action action, String reason) ->
          log.debug("not finished, {}: {}", reason, action);
      case Outcome.Failed(Action action, String reason) ->
          log.warn("failed, {}: {}", reason, action);
    }
  }
}
