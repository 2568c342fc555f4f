package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.slotkeeper.api.BackupConsistency;
import io.slotkeeper.api.BackupPhase;
import io.slotkeeper.api.BackupStatus;
import io.slotkeeper.api.Engine;
import io.slotkeeper.api.RedisBackup;
import io.slotkeeper.resources.BackupJob;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A backup of a cluster to a volume, by a Job of the operator's image. */
@OnCluster
class BackupTest {
  private static final String BACKUP =
      """
      apiVersion: slotkeeper.io/v1alpha1
      kind: RedisBackup
      metadata:
        name: first
      spec:
        redisRef: {name: orders}
        storeRef: {name: store}
      """;

  private static final String STORE =
      """
      apiVersion: slotkeeper.io/v1alpha1
      kind: RedisBackupStore
      metadata:
        name: store
      spec:
        volume: {claimName: backups}
      """;

  private static final String CLAIM =
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata:
        name: backups
      spec:
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 100Mi}}
      """;

  private final Space space;

  BackupTest(Space space) {
    this.space = space;
  }

  @Test
  void itWaitsForWhatItNeedsAndSaysWhatItReached() {
    space.apply(BACKUP).orFail();
    awaitReason("RedisNotFound", "There is no Redis orders in this namespace.");

    TestRedis redis = space.create("orders", "{cluster: {master: 3, replicas: 1}}").awaitRunning();
    redis.fill(300);
    awaitReason("StoreNotFound", "There is no RedisBackupStore store in this namespace.");

    space.apply(STORE).orFail();
    awaitReason("StoreIncomplete", "There is no PersistentVolumeClaim backups.");

    space.apply(CLAIM).orFail();
    awaitAsserted(
        () -> assertThat(status("first").phase()).as(words()).isEqualTo(BackupPhase.Completed));

    BackupStatus status = status("first");
    assertThat(status.consistency()).isEqualTo(BackupConsistency.Cluster);
    assertThat(status.engine()).isEqualTo(Engine.Redis);
    assertThat(status.keys()).isEqualTo(300);
    assertThat(status.attempts()).isEqualTo(1);
    assertThat(status.storedBytes()).isPositive();
    assertThat(status.conditions())
        .extracting(one -> one.getType() + "=" + one.getStatus() + " " + one.getReason())
        .containsExactly("Complete=True Completed", "CommonPoint=True CommonPointReached");
    redis.assertSound(3, 1);
  }

  private BackupStatus status(String name) {
    return Optional.ofNullable(
            space
                .client()
                .resources(RedisBackup.class)
                .inNamespace(space.name())
                .withName(name)
                .get())
        .map(RedisBackup::getStatus)
        .orElse(BackupStatus.EMPTY);
  }

  private void awaitReason(String reason, String message) {
    awaitAsserted(() ->
        assertThat(status("first").conditions())
            .anySatisfy(one -> {
              assertThat(one.getReason()).isEqualTo(reason);
              assertThat(one.getMessage()).isEqualTo(message);
            }));
  }

  private String words() {
    Job job =
        space
            .client()
            .batch()
            .v1()
            .jobs()
            .inNamespace(space.name())
            .withName(BackupJob.name("first", 1))
            .get();
    return status("first") + " " + (job == null ? "no Job" : job.getStatus());
  }
}
