package io.slotkeeper.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.slotkeeper.api.BackupConsistency;
import io.slotkeeper.api.BackupPhase;
import io.slotkeeper.api.BackupStatus;
import io.slotkeeper.api.Engine;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.api.Tls;
import io.slotkeeper.api.TlsMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Pure: what the status of a backup says next, and whether its Redis can be backed up now. */
final class BackupProgress {

  /** Attempts, of which each has all the time of a Job. */
  static final int ATTEMPTS = 3;

  private static final int LONGEST_MESSAGE = 1024;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Why a backup is where it is. docs/backup.md explains each. */
  enum Why {
    RedisNotFound,
    RedisNotReady,
    StoreNotFound,
    StoreIncomplete,
    SpecUnreadable,
    ImageUnknown,
    NameTaken,
    Running,
    Completed,
    AttemptFailed,
    AttemptsFailed,
    CommonPointReached,
    CommonPointNotReached,
    NotAskedFor
  }

  private final BackupStatus before;
  private final long generation;
  private final Instant now;

  BackupProgress(@Nullable BackupStatus before, long generation, Instant now) {
    this.before = before == null ? BackupStatus.EMPTY : before;
    this.generation = generation;
    this.now = now;
  }

  /** Why a Redis should not be backed up now; empty if it can be. */
  static Optional<String> objection(Redis redis) {
    RedisStatus status = redis.getStatus();
    String name = "Redis " + redis.getMetadata().getName();
    if (redis.getMetadata().getDeletionTimestamp() != null) {
      return Optional.of(name + " is being deleted.");
    }
    Tls tls = redis.getSpec().tls();
    if (tls != null && tls.mode() == TlsMode.Required) {
      return Optional.of(
          name
              + " takes connections with TLS only, and backups are read without: see docs/backup.md.");
    }
    if (status == null || !is(status, "Ready")) {
      return Optional.of(name + " is not Ready.");
    }
    if (status.migration() != null) {
      return Optional.of("Slots of " + name + " are being moved.");
    }
    return is(status, "Progressing")
        ? Optional.of(name + " is being changed: see its condition Progressing.")
        : Optional.empty();
  }

  private static boolean is(RedisStatus status, String type) {
    return status.conditions().stream()
        .anyMatch(one -> type.equals(one.getType()) && "True".equals(one.getStatus()));
  }

  BackupStatus pending(Why why, String message) {
    return with(BackupPhase.Pending, before.attempts(), before.path(), why, message);
  }

  /**
   * @param attempt that now runs
   */
  BackupStatus running(int attempt, @Nullable String path) {
    return with(
        BackupPhase.Running,
        attempt,
        path == null ? before.path() : path,
        Why.Running,
        "Attempt %d of %d runs.".formatted(attempt, ATTEMPTS));
  }

  BackupStatus again(String message) {
    return with(
        BackupPhase.Pending,
        before.attempts(),
        before.path(),
        Why.AttemptFailed,
        "Attempt %d of %d failed: %s".formatted(before.attempts(), ATTEMPTS, message));
  }

  BackupStatus failed(String message) {
    return with(
        BackupPhase.Failed,
        before.attempts(),
        before.path(),
        Why.AttemptsFailed,
        "All %d attempts failed; the last one: %s Create another RedisBackup when this is mended."
            .formatted(ATTEMPTS, message));
  }

  private BackupStatus with(
      BackupPhase phase, int attempts, @Nullable String path, Why why, String message) {
    return new BackupStatus(
        phase,
        generation,
        List.of(condition("Complete", "False", why, message)),
        attempts,
        path,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /**
   * @param summary the last words of a Job that succeeded: a manifest without its shards
   * @param asked what the spec asks for
   */
  BackupStatus completed(String summary, BackupConsistency asked) {
    JsonNode manifest = manifest(summary);
    BackupConsistency reached = value(BackupConsistency.class, manifest.path("consistency"));
    List<Condition> conditions = new ArrayList<>();
    conditions.add(condition("Complete", "True", Why.Completed, "The backup can be restored."));
    if (reached == BackupConsistency.Cluster) {
      conditions.add(
          condition(
              "CommonPoint", "True", Why.CommonPointReached, "All shards are from one moment."));
    } else if (reached == BackupConsistency.Shard) {
      conditions.add(
          asked == BackupConsistency.Shard
              ? condition(
                  "CommonPoint", "False", Why.NotAskedFor, "Each shard is consistent by itself.")
              : condition(
                  "CommonPoint",
                  "False",
                  Why.CommonPointNotReached,
                  "Writes could not be paused for long enough, so each shard is consistent by itself only."
                      + " Allow a longer pause (spec.maxPauseMilliseconds), or take a backup at a quieter time."));
    }
    return new BackupStatus(
        BackupPhase.Completed,
        generation,
        conditions,
        before.attempts(),
        before.path(),
        text(manifest.path("takenAt")),
        reached,
        number(manifest.path("pauseMillis")),
        value(Engine.class, manifest.path("engine")),
        text(manifest.path("version")),
        number(manifest.path("keys")),
        number(manifest.path("bytes")),
        number(manifest.path("storedBytes")));
  }

  /** Of a pod that is gone, nothing is known but that its Job succeeded. */
  private static JsonNode manifest(String summary) {
    try {
      JsonNode manifest = JSON.readTree(summary);
      return manifest == null ? JSON.createObjectNode() : manifest;
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode();
    }
  }

  private static @Nullable String text(JsonNode value) {
    return value.isTextual() ? value.asText() : null;
  }

  private static @Nullable Long number(JsonNode value) {
    return value.canConvertToLong() ? value.asLong() : null;
  }

  private static <E extends Enum<E>> @Nullable E value(Class<E> type, JsonNode word) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.name().equals(word.asText()))
        .findFirst()
        .orElse(null);
  }

  private Condition condition(String type, String status, Why why, String message) {
    String since =
        before.conditions().stream()
            .filter(old -> type.equals(old.getType()) && status.equals(old.getStatus()))
            .map(Condition::getLastTransitionTime)
            .findFirst()
            .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
    return new ConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(why.name())
        .withMessage(
            message.length() <= LONGEST_MESSAGE
                ? message
                : message.substring(0, LONGEST_MESSAGE - 1) + "…")
        .withObservedGeneration(generation)
        .withLastTransitionTime(since)
        .build();
  }
}
