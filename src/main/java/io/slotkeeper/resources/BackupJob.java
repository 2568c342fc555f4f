package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.slotkeeper.api.BackupConsistency;
import io.slotkeeper.api.BackupSource;
import io.slotkeeper.api.BackupStoreSpec;
import io.slotkeeper.api.Mode;
import io.slotkeeper.api.RedisBackup;
import io.slotkeeper.api.S3StoreSpec;
import io.slotkeeper.backup.Main;
import io.slotkeeper.backup.Server;
import io.slotkeeper.backup.Task;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The Job that takes a backup: the operator's image with another main class. It may do nothing in
 * Kubernetes, has passwords and keys as files, and is tried again by the operator, not by itself.
 */
public final class BackupJob {

  /** On a Job: the name of its RedisBackup. */
  public static final String BACKUP = "slotkeeper.io/backup";

  /** The keys of the Secret with which a bucket is opened. */
  public static final Set<String> CREDENTIAL_KEYS = Set.of("accessKeyId", "secretAccessKey");

  /** The key of the Secret with certification authorities. */
  public static final String CA_KEY = "ca.crt";

  /** Where a container's last words are; the kubelet puts them into the status of the pod. */
  private static final String RESULT = "/dev/termination-log";

  private static final String PASSWORDS = "/secrets/redis";
  private static final String CREDENTIALS = "/secrets/store";
  private static final String CA = "/secrets/ca";
  private static final String VOLUME = "/backups";

  /** One that has not ended by then never will; the next attempt gets its chance. */
  private static final long DEADLINE = 6 * 60 * 60;

  /** Slots may be moving, or servers not agree yet. */
  private static final int PATIENCE = 120;

  private static final long USER = 65532;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private BackupJob() {}

  /**
   * What is backed up, as it is now.
   *
   * @param uid of the Redis
   * @param servers its pods that have an address
   */
  public record Subject(String redis, String uid, Mode mode, List<Server> servers) {
    public Subject {
      servers = List.copyOf(servers);
    }
  }

  public static String name(String backup, int attempt) {
    return backup + "-attempt-" + attempt;
  }

  /** Where a backup is in its store, the same for each attempt, without the prefix of the store. */
  public static String directory(RedisBackup backup, String redisUid) {
    String uid = backup.getMetadata().getUid();
    return "%s/%s/%s/backups/%s-%s"
        .formatted(
            backup.getMetadata().getNamespace(),
            backup.getSpec().redisRef().name(),
            redisUid,
            TIME.format(Instant.parse(backup.getMetadata().getCreationTimestamp())),
            uid.substring(0, Math.min(8, uid.length())));
  }

  /**
   * @param directory of the backup
   * @param attempt from 1
   * @param image of the operator
   */
  public static Job of(
      RedisBackup backup,
      BackupStoreSpec store,
      Subject subject,
      String directory,
      int attempt,
      String image) {
    Map<String, String> labels =
        Map.of(
            Labels.MANAGED_BY,
            Labels.MANAGER,
            Labels.REDIS,
            subject.redis(),
            BACKUP,
            backup.getMetadata().getName());
    return new JobBuilder()
        .withNewMetadata()
        .withNamespace(backup.getMetadata().getNamespace())
        .withName(name(backup.getMetadata().getName(), attempt))
        .withLabels(labels)
        .withOwnerReferences(owner(backup))
        .endMetadata()
        .withNewSpec()
        .withBackoffLimit(0)
        .withActiveDeadlineSeconds(DEADLINE)
        .withNewTemplate()
        .withNewMetadata()
        .addToLabels(BACKUP, backup.getMetadata().getName())
        .endMetadata()
        .withNewSpec()
        .withRestartPolicy("Never")
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(USER)
        .withRunAsGroup(USER)
        .withFsGroup(USER)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .addNewContainer()
        .withName("backup")
        .withImage(image)
        .withCommand(
            "/opt/java/bin/java",
            "-XX:+UseSerialGC",
            "-XX:MaxRAMPercentage=60",
            "-XX:+ExitOnOutOfMemoryError",
            // It would write to /tmp, and the root file system is read-only.
            "-XX:-UsePerfData",
            // The library for zstd.
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            "/opt/slotkeeper/slotkeeper.jar",
            Main.class.getName(),
            "take")
        .addNewEnv()
        .withName(Main.TASK)
        .withValue(task(backup, store, subject, directory, attempt).json())
        .endEnv()
        .addNewEnv()
        .withName(Main.RESULT)
        .withValue(RESULT)
        .endEnv()
        .addNewEnv()
        .withName("SLOTKEEPER_LOG_FORMAT")
        .withValue("json")
        .endEnv()
        .withTerminationMessagePath(RESULT)
        .withNewResources()
        .addToRequests("cpu", new Quantity("100m"))
        .addToRequests("memory", new Quantity("512Mi"))
        .addToLimits("memory", new Quantity("512Mi"))
        .endResources()
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .withVolumeMounts(mounts(store))
        .endContainer()
        .withVolumes(volumes(store, subject.redis()))
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private static OwnerReference owner(RedisBackup backup) {
    return new OwnerReferenceBuilder()
        .withApiVersion(HasMetadata.getApiVersion(RedisBackup.class))
        .withKind(HasMetadata.getKind(RedisBackup.class))
        .withName(backup.getMetadata().getName())
        .withUid(backup.getMetadata().getUid())
        .withController(true)
        .build();
  }

  private static Task task(
      RedisBackup backup, BackupStoreSpec store, Subject subject, String directory, int attempt) {
    return new Task(
        place(store),
        backup.getMetadata().getUid(),
        Integer.toString(attempt),
        backup.getMetadata().getNamespace() + "/" + subject.redis(),
        subject.mode().name(),
        directory,
        subject.servers(),
        PASSWORDS,
        backup.getSpec().consistency() == BackupConsistency.Cluster,
        backup.getSpec().source() == BackupSource.PreferReplica,
        backup.getSpec().maxPauseMilliseconds(),
        PATIENCE,
        null);
  }

  private static Task.Place place(BackupStoreSpec store) {
    S3StoreSpec s3 = store.s3();
    if (s3 == null) {
      return new Task.Place("", VOLUME, null, null, null, false, null, null);
    }
    return new Task.Place(
        s3.prefix() == null ? "" : s3.prefix(),
        null,
        s3.bucket(),
        s3.region(),
        s3.endpoint(),
        s3.forcePathStyle(),
        CREDENTIALS,
        s3.caSecretRef() == null ? null : CA + "/" + CA_KEY);
  }

  private static List<VolumeMount> mounts(BackupStoreSpec store) {
    List<VolumeMount> mounts = new ArrayList<>(List.of(mount("redis", PASSWORDS, true)));
    S3StoreSpec s3 = store.s3();
    if (s3 == null) {
      mounts.add(mount("backups", VOLUME, false));
      return mounts;
    }
    mounts.add(mount("store", CREDENTIALS, true));
    if (s3.caSecretRef() != null) {
      mounts.add(mount("ca", CA, true));
    }
    return mounts;
  }

  private static VolumeMount mount(String name, String path, boolean readOnly) {
    return new VolumeMountBuilder()
        .withName(name)
        .withMountPath(path)
        .withReadOnly(readOnly ? true : null)
        .build();
  }

  private static List<Volume> volumes(BackupStoreSpec store, String redis) {
    List<Volume> volumes =
        new ArrayList<>(List.of(secret("redis", new Names(redis).serverSecret())));
    S3StoreSpec s3 = store.s3();
    if (s3 != null) {
      volumes.add(secret("store", s3.credentialsSecretRef().name()));
      if (s3.caSecretRef() != null) {
        volumes.add(secret("ca", s3.caSecretRef().name()));
      }
    }
    if (store.volume() != null) {
      volumes.add(
          new VolumeBuilder()
              .withName("backups")
              .withNewPersistentVolumeClaim()
              .withClaimName(store.volume().claimName())
              .endPersistentVolumeClaim()
              .build());
    }
    return volumes;
  }

  private static Volume secret(String name, String secret) {
    return new VolumeBuilder()
        .withName(name)
        .withNewSecret()
        .withSecretName(secret)
        .withDefaultMode(0440)
        .endSecret()
        .build();
  }
}
