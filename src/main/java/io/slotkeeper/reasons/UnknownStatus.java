package io.slotkeeper.reasons;

import io.slotkeeper.api.Phase;
import io.slotkeeper.api.RedisStatus;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The status of a Redis that could not be observed, or about which nothing could be concluded: what
 * is remembered stays, and nothing is claimed about the present.
 */
public final class UnknownStatus {

  private static final int MOST_FINALIZERS = 10;

  private UnknownStatus() {}

  /**
   * @param problem why nothing is known
   */
  public static RedisStatus of(
      @Nullable RedisStatus before, long generation, Problem problem, Instant now) {
    return of(before, generation, Phase.Failed, problem, now);
  }

  /**
   * The status of a Redis whose deletion something holds up. Its servers may run on or go one by
   * one: they are not observed any more.
   *
   * @param finalizers what holds the deletion up
   */
  public static RedisStatus deleting(
      @Nullable RedisStatus before, long generation, List<String> finalizers, Instant now) {
    String holders = finalizers.stream().limit(MOST_FINALIZERS).collect(Collectors.joining(", "));
    Problem problem =
        new Problem(
            Reason.Deleting,
            "This resource is being deleted. Its servers are neither looked at nor healed any more, and its objects go when it does. It is there until these finalizers are gone: %s."
                .formatted(holders.isEmpty() ? "none" : holders));
    return of(before, generation, Phase.Deleting, problem, now);
  }

  private static RedisStatus of(
      @Nullable RedisStatus before, long generation, Phase phase, Problem problem, Instant now) {
    RedisStatus known = before == null ? RedisStatus.EMPTY : before;
    Conditions conditions = new Conditions(known.conditions(), generation, now);
    boolean hasSentinels =
        Conditions.find(known.conditions(), ConditionType.SentinelsAgree).isPresent();
    boolean hasPrimary =
        Conditions.find(known.conditions(), ConditionType.PrimaryAvailable).isPresent();
    for (ConditionType type : ConditionType.values()) {
      switch (type) {
        case Ready, Progressing, Degraded, ReplicasAttached ->
            conditions.unknown(type, problem.reason(), problem.message());
        case ConfigurationApplied ->
            conditions.set(type, false, problem.reason(), problem.message());
        case SlotsCovered -> {
          if (!hasPrimary) {
            conditions.unknown(type, problem.reason(), problem.message());
          }
        }
        case PrimaryAvailable -> {
          if (hasPrimary) {
            conditions.unknown(type, problem.reason(), problem.message());
          }
        }
        case SentinelsAgree -> {
          if (hasSentinels) {
            conditions.unknown(type, problem.reason(), problem.message());
          }
        }
        case Initialized, ClusterFormed, ConfigurationWarning, DataLost -> conditions.keep(type);
      }
    }
    return known.with(phase, generation, conditions.list());
  }
}
