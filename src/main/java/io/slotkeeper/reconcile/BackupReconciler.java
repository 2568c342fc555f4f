package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.slotkeeper.api.BackupPhase;
import io.slotkeeper.api.BackupStatus;
import io.slotkeeper.api.BackupStoreSpec;
import io.slotkeeper.api.LocalReference;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisBackup;
import io.slotkeeper.api.RedisBackupStore;
import io.slotkeeper.api.S3StoreSpec;
import io.slotkeeper.kubernetes.BackupApi;
import io.slotkeeper.kubernetes.BackupApi.JobState;
import io.slotkeeper.kubernetes.ObjectApplier;
import io.slotkeeper.reconcile.BackupProgress.Why;
import io.slotkeeper.resources.BackupJob;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes a RedisBackup from Job to Job until one has succeeded, or three have failed. All that it
 * knows is in the status and in the Jobs, whose names follow from the attempt: it continues after a
 * crash at any point.
 */
@ControllerConfiguration(name = "backup", fieldManager = ObjectApplier.FIELD_MANAGER)
public final class BackupReconciler implements Reconciler<RedisBackup> {
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final Duration LATER = Duration.ofSeconds(10);

  private final BackupApi api;
  private final Supplier<List<Redis>> redises;
  private final @Nullable String image;
  private final InstantSource clock;

  /**
   * @param redises all that are known
   * @param image of the operator; null where it is not known
   */
  public BackupReconciler(
      BackupApi api, Supplier<List<Redis>> redises, @Nullable String image, InstantSource clock) {
    this.api = api;
    this.redises = redises;
    this.image = image;
    this.clock = clock;
  }

  @Override
  public UpdateControl<RedisBackup> reconcile(RedisBackup backup, Context<RedisBackup> context) {
    BackupStatus before = backup.getStatus();
    if (backup.getMetadata().getDeletionTimestamp() != null
        || (before != null && before.isOver())) {
      return UpdateControl.noUpdate();
    }
    Long generation = backup.getMetadata().getGeneration();
    BackupProgress progress =
        new BackupProgress(before, generation == null ? 0 : generation, clock.instant());
    Next next = next(backup, before == null ? BackupStatus.EMPTY : before, progress);
    BackupStatus after = next.status();
    if (!after.equals(before)) {
      api.writeStatus(backup, before, after);
    }
    if (next.job() != null) { // after the record: its number is never used for another
      api.create(next.job());
    }
    return after.isOver()
        ? UpdateControl.noUpdate()
        : UpdateControl.<RedisBackup>noUpdate()
            .rescheduleAfter(after.phase() == BackupPhase.Running ? SOON : LATER);
  }

  /**
   * @param job to be created
   */
  private record Next(BackupStatus status, @Nullable Job job) {}

  private Next next(RedisBackup backup, BackupStatus before, BackupProgress progress) {
    if (backup.getUnreadable() != null) {
      return new Next(
          progress.pending(
              Why.SpecUnreadable, backup.getUnreadable() + "; create a RedisBackup without it."),
          null);
    }
    int attempt = before.attempts();
    if (attempt > 0) {
      Optional<JobState> job =
          api.job(backup, BackupJob.name(backup.getMetadata().getName(), attempt));
      if (job.isPresent()) {
        JobState found = job.get();
        if (!found.owned()) {
          return new Next(
              progress.pending(
                  Why.NameTaken,
                  "Job %s belongs to something else: delete it, or create a RedisBackup with another name."
                      .formatted(BackupJob.name(backup.getMetadata().getName(), attempt))),
              null);
        }
        switch (found.state()) {
          case RUNNING -> {
            return new Next(progress.running(attempt, null), null);
          }
          case SUCCEEDED -> {
            return new Next(
                progress.completed(found.message(), backup.getSpec().consistency()), null);
          }
          case FAILED -> {
            if (attempt >= BackupProgress.ATTEMPTS) {
              return new Next(progress.failed(found.message()), null);
            }
            if (before.phase() == BackupPhase.Running) {
              return new Next(progress.again(found.message()), null);
            }
          }
        }
      } else if (before.phase() == BackupPhase.Running) {
        attempt--; // recorded, but not created before a crash, or deleted since: the same again
      }
    }
    return start(backup, attempt + 1, progress);
  }

  private Next start(RedisBackup backup, int attempt, BackupProgress progress) {
    String namespace = backup.getMetadata().getNamespace();
    String redisName = backup.getSpec().redisRef().name();
    String storeName = backup.getSpec().storeRef().name();
    Optional<Redis> redis =
        redises.get().stream()
            .filter(one -> redisName.equals(one.getMetadata().getName()))
            .filter(one -> namespace.equals(one.getMetadata().getNamespace()))
            .findFirst();
    if (redis.isEmpty()) {
      return new Next(
          progress.pending(
              Why.RedisNotFound, "There is no Redis " + redisName + " in this namespace."),
          null);
    }
    if (redis.get().getUnreadable() != null) {
      return new Next(
          progress.pending(
              Why.RedisNotReady, "The spec of Redis " + redisName + " cannot be read."),
          null);
    }
    Optional<RedisBackupStore> store = api.store(namespace, storeName);
    if (store.isEmpty()) {
      return new Next(
          progress.pending(
              Why.StoreNotFound,
              "There is no RedisBackupStore " + storeName + " in this namespace."),
          null);
    }
    if (store.get().getUnreadable() != null) {
      return new Next(
          progress.pending(
              Why.SpecUnreadable,
              "RedisBackupStore %s: %s".formatted(storeName, store.get().getUnreadable())),
          null);
    }
    Optional<String> objection = BackupProgress.objection(redis.get());
    if (objection.isPresent()) {
      return new Next(progress.pending(Why.RedisNotReady, objection.get()), null);
    }
    if (image == null) {
      return new Next(
          progress.pending(
              Why.ImageUnknown, "The operator does not know its own image: set SLOTKEEPER_IMAGE."),
          null);
    }
    Optional<String> missing = missing(namespace, store.get().getSpec());
    if (missing.isPresent()) {
      return new Next(progress.pending(Why.StoreIncomplete, missing.get()), null);
    }
    String directory = BackupJob.directory(backup, redis.get().getMetadata().getUid());
    Job job =
        BackupJob.of(
            backup,
            store.get().getSpec(),
            new BackupJob.Subject(
                redisName,
                redis.get().getMetadata().getUid(),
                redis.get().getSpec().mode(),
                api.servers(redis.get())),
            directory,
            attempt,
            image);
    return new Next(progress.running(attempt, directory), job);
  }

  /** A pod that mounts what does not exist would wait for it without a word. */
  private Optional<String> missing(String namespace, BackupStoreSpec store) {
    S3StoreSpec s3 = store.s3();
    if (s3 != null) {
      return missing(namespace, s3.credentialsSecretRef(), BackupJob.CREDENTIAL_KEYS)
          .or(() ->
              Optional.ofNullable(s3.caSecretRef())
                  .flatMap(ca -> missing(namespace, ca, Set.of(BackupJob.CA_KEY))));
    }
    return Optional.ofNullable(store.volume())
        .filter(volume -> !api.claimExists(namespace, volume.claimName()))
        .map(volume -> "There is no PersistentVolumeClaim " + volume.claimName() + ".");
  }

  private Optional<String> missing(String namespace, LocalReference secret, Set<String> keys) {
    Set<String> lacking = new TreeSet<>(keys);
    lacking.removeAll(api.secretKeys(namespace, secret.name()));
    return lacking.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Secret %s, which the store names, lacks %s."
                .formatted(secret.name(), String.join(" and ", lacking)));
  }
}
