package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.api.Mode;
import io.slotkeeper.api.RedisBackup;
import io.slotkeeper.api.RedisBackupStore;
import io.slotkeeper.backup.Server;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackupJobTest {
  private static Job job(String store) {
    RedisBackup backup =
        Serialization.unmarshal(
            """
            apiVersion: slotkeeper.io/v1alpha1
            kind: RedisBackup
            metadata: {namespace: demo, name: first, uid: uid-of-the-backup, creationTimestamp: "2026-12-01T02:00:00Z"}
            spec: {redisRef: {name: orders}, storeRef: {name: store}}
            """,
            RedisBackup.class);
    RedisBackupStore where =
        Serialization.unmarshal(
            """
            apiVersion: slotkeeper.io/v1alpha1
            kind: RedisBackupStore
            metadata: {namespace: demo, name: store}
            spec: %s
            """
                .formatted(store),
            RedisBackupStore.class);
    return BackupJob.of(
        backup,
        where.getSpec(),
        new BackupJob.Subject(
            "orders",
            "uid",
            Mode.Cluster,
            List.of(new Server("orders-shard0-0", "10.0.0.1", 6379))),
        "demo/orders/uid/backups/first",
        2,
        "local/slotkeeper:dev");
  }

  private static PodSpec pod(Job job) {
    return job.getSpec().getTemplate().getSpec();
  }

  @Test
  void itMayDoNothingInKubernetesAndOnItsNode() {
    PodSpec pod = pod(job("{volume: {claimName: backups}}"));

    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    Container container = pod.getContainers().getFirst();
    assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
  }

  /** A Job that tries again by itself could run beside the operator's next attempt. */
  @Test
  void onlyTheOperatorTriesAgain() {
    Job job = job("{volume: {claimName: backups}}");

    assertThat(job.getMetadata().getName()).isEqualTo("first-attempt-2");
    assertThat(job.getSpec().getBackoffLimit()).isZero();
    assertThat(pod(job).getRestartPolicy()).isEqualTo("Never");
    assertThat(job.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner -> {
          assertThat(owner.getKind()).isEqualTo("RedisBackup");
          assertThat(owner.getUid()).isEqualTo("uid-of-the-backup");
        });
  }

  /** Pods of a Redis are found by that label: this is none. */
  @Test
  void itsPodIsNoneOfTheRedis() {
    assertThat(
            job("{volume: {claimName: backups}}").getSpec().getTemplate().getMetadata().getLabels())
        .doesNotContainKey(Labels.REDIS);
  }

  @Test
  void whatIsSecretIsInFiles() {
    PodSpec pod =
        pod(
            job(
                "{s3: {bucket: backups, prefix: prod, endpoint: 'https://s3.internal', region: eu-1,"
                    + " forcePathStyle: true, credentialsSecretRef: {name: s3}, caSecretRef: {name: ca}}}"));

    assertThat(pod.getContainers().getFirst().getEnv())
        .allSatisfy(variable -> assertThat(variable.getValueFrom()).isNull());
    assertThat(pod.getVolumes())
        .extracting(volume -> volume.getName() + "=" + volume.getSecret().getSecretName())
        .containsExactly("redis=orders-server", "store=s3", "ca=ca");
    assertThat(pod.getContainers().getFirst().getEnv().stream().map(EnvVar::getValue).findFirst())
        .hasValueSatisfying(task ->
            assertThat(task)
                .contains(
                    "\"bucket\":\"backups\"",
                    "\"prefix\":\"prod\"",
                    "\"credentials\":\"/secrets/store\"",
                    "\"caFile\":\"/secrets/ca/ca.crt\"",
                    "\"passwords\":\"/secrets/redis\"",
                    "10.0.0.1"));
  }
}
