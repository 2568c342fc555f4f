package io.slotkeeper.operator;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.slotkeeper.act.ApiErrors;
import io.slotkeeper.act.Outcome;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.api.TerminationPolicy;
import io.slotkeeper.observe.Balancing;
import io.slotkeeper.observe.Memory;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.Resharding;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.redis.SlotSet;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.status.Commands;
import io.slotkeeper.status.Notices;
import io.slotkeeper.status.Problem;
import io.slotkeeper.status.Reason;
import io.slotkeeper.status.Report;
import io.slotkeeper.status.StatusBuilder;
import io.slotkeeper.status.UnknownStatus;
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

/** Tells what a pass found and did: status where it differs, events, log and metrics. */
final class Teller {
  private static final Logger log = LoggerFactory.getLogger(Teller.class);

  /** A server that writes a file gives no event when it has done so. */
  private static final Duration SOON = Duration.ofSeconds(1);

  /** When to look again after a pass that could not look, or not plan. */
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

  private final Statuses statuses;
  private final LiveKubernetes kubernetes;
  private final EventPublisher events;
  private final Metrics metrics;
  private final Pacer pacer;
  private final InstantSource clock;

  /** The termination policy that was last carried out, by the uid of the Redis. */
  private final Map<String, TerminationPolicy> policies = new ConcurrentHashMap<>();

  Teller(
      Statuses statuses,
      LiveKubernetes kubernetes,
      EventPublisher events,
      Metrics metrics,
      Pacer pacer,
      InstantSource clock) {
    this.statuses = statuses;
    this.kubernetes = kubernetes;
    this.events = events;
    this.metrics = metrics;
    this.pacer = pacer;
    this.clock = clock;
  }

  /** Keeps only what is about a Redis that still exists. */
  void retain(Set<String> uids) {
    statuses.retain(uids);
    pacer.retain(uids);
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
    return statuses.of(redis);
  }

  /** When to look again. */
  Duration tell(Redis redis, @Nullable RedisStatus before, PassReport pass) {
    String uid = redis.getMetadata().getUid();
    pass.outcomes().forEach(this::log);
    Report report =
        new Report(
            redis.getMetadata().getGeneration(),
            pass.wish().topology(),
            Labels.asText(Labels.masters(redis.getMetadata().getName())),
            pass.view(),
            pass.plan(),
            remembered(pass.view().memory(), pass.wish().topology(), pass.plan(), pass.outcomes()),
            pass.problem(),
            pass.wish().warnings(),
            pass.halted(),
            clock.instant(),
            pass.pending(),
            pass.reported());
    RedisStatus after = StatusBuilder.status(before, report);
    write(redis, before, after, pass.created(), done(pass.outcomes()));
    metrics.passed(redis, after, pass.outcomes());
    Duration rest = pacer.next(uid, pass.plan());
    boolean changing =
        pass.stale().filter(p -> p.reason() == Reason.ChangingPersistence).isPresent();
    return changing && rest.compareTo(SOON) > 0 ? SOON : rest;
  }

  /** The servers could not be looked at, or nothing could be planned: what was told is no more. */
  Duration tellUnknown(Redis redis, @Nullable RedisStatus before, List<Problem> failures) {
    RedisStatus after =
        UnknownStatus.of(
            before, redis.getMetadata().getGeneration(), failures.getFirst(), clock.instant());
    write(redis, before, after, List.of(), List.of());
    metrics.passed(redis, after, List.of());
    return AFTER_FAILURE;
  }

  /**
   * The deletion has begun and something holds it up. No event: what is done from now on is not the
   * operator's.
   */
  Optional<Duration> tellDeleting(Redis redis, @Nullable RedisStatus before) {
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
   * What the API server does not take is written at the next pass, with the events that say what
   * changed. What was done is news now or never.
   */
  private void write(
      Redis redis,
      @Nullable RedisStatus before,
      RedisStatus found,
      List<String> created,
      List<Action> done) {
    String uid = redis.getMetadata().getUid();
    RedisStatus after =
        Commands.inNamespace(
            redis.getMetadata().getNamespace(),
            found.withTerminationPolicy(policyInForce(uid, before)));
    events.publish(
        redis,
        save(redis, before, after)
            ? Notices.of(before, after, statuses.lastMasters(uid, before), created, done)
            : Notices.of(after, after, Map.of(), created, done));
  }

  /** Whether the API server has it. */
  private boolean save(Redis redis, @Nullable RedisStatus before, RedisStatus after) {
    if (after.equals(before)) {
      return true;
    }
    try {
      kubernetes.writeStatus(redis, before, after);
      statuses.wrote(redis.getMetadata().getUid(), after);
      return true;
    } catch (KubernetesClientException e) {
      log.warn("status not written: {}", ApiErrors.message(e));
      return false;
    }
  }

  private static List<Action> done(List<Outcome> outcomes) {
    return outcomes.stream().filter(Outcome.Done.class::isInstance).map(Outcome::action).toList();
  }

  /** What is remembered after this pass. */
  private static Memory remembered(
      Memory memory, Topology topology, Plan plan, List<Outcome> outcomes) {
    Optional<Action.Remember> remembered =
        done(outcomes).stream()
            .filter(Action.Remember.class::isInstance)
            .map(Action.Remember.class::cast)
            .findFirst();
    return new Memory(
        remembered.map(Action.Remember::members).orElse(memory.members()),
        remembered.map(Action.Remember::trails).orElse(memory.trails()),
        memory.volumes(),
        memory.shards(),
        memory.formed() || plan.health().covered(),
        balancing(memory.balancing(), topology, plan, outcomes));
  }

  private static Balancing balancing(
      Balancing before, Topology topology, Plan plan, List<Outcome> outcomes) {
    boolean moves = plan.resharding().filter(Resharding::movesSlots).isPresent();
    boolean swept = isSwept(outcomes);
    boolean even = plan.health().covered() && (swept || !moves);
    return new Balancing(
        moves && !swept,
        before.shares(),
        topology.moves().asked().filter(_ -> even).or(before::lastAsked));
  }

  /** All slots are where they belong, and nothing else is anywhere else. */
  private static boolean isSwept(List<Outcome> outcomes) {
    return done(outcomes).stream()
        .anyMatch(action ->
            action instanceof Action.CloseSlots closing && closing.suspected().equals(SlotSet.ALL));
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
