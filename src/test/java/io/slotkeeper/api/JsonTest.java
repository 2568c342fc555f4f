package io.slotkeeper.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {

  @Test
  void readsTheTutorial() throws IOException {
    Redis redis =
        Serialization.unmarshal(
            Files.readString(Path.of("examples/cluster/redis.yaml")), Redis.class);

    assertThat(redis.getSpec())
        .isEqualTo(
            new RedisSpec(
                "7.0",
                Mode.Cluster,
                new ClusterSpec(3, 1),
                null,
                null,
                StorageType.Durable,
                new StorageSpec(
                    new StorageSpec.Resources(new StorageSpec.Requests(new Quantity("1Gi"))),
                    "standard",
                    List.of("ReadWriteOnce")),
                TerminationPolicy.Pause,
                new UpdateStrategy(UpdateStrategy.Type.RollingUpdate),
                false,
                Map.of(),
                null,
                PodTemplate.NONE,
                ServiceTemplate.NONE,
                Auth.GENERATED,
                MonitorSpec.NONE,
                null));
    assertThat(redis.getStatus()).isNull();
  }

  @Test
  void whatIsAbsentHasItsDefault() {
    Redis redis =
        Serialization.unmarshal(
            """
            apiVersion: slotkeeper.io/v1alpha1
            kind: Redis
            metadata: {name: small}
            spec:
              version: "7.0"
              mode: Cluster
              cluster: {master: 3}
            status: {}
            """,
            Redis.class);

    RedisSpec spec = redis.getSpec();
    assertThat(spec.storageType()).isEqualTo(StorageType.Durable);
    assertThat(spec.terminationPolicy()).isEqualTo(TerminationPolicy.Pause);
    assertThat(spec.updateStrategy().type()).isEqualTo(UpdateStrategy.Type.RollingUpdate);
    assertThat(spec.auth()).isEqualTo(Auth.GENERATED);
    assertThat(spec.podTemplate()).isEqualTo(PodTemplate.NONE);
    assertThat(redis.getStatus().conditions()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mode: Cluster, cluster: {master: 3, replicas: 2} | 3 | 2",
        "mode: Standalone, standalone: {replicas: 4} | 1 | 4",
        "mode: Standalone, standalone: {} | 1 | 0",
        "mode: Standalone | 1 | 0",
      })
  void theSizeIsKnownInEachMode(String size, int shards, int replicas) {
    Redis redis = Serialization.unmarshal("spec: {version: v, %s}".formatted(size), Redis.class);

    assertThat(redis.getSpec().shards()).isEqualTo(shards);
    assertThat(redis.getSpec().replicas()).isEqualTo(replicas);
  }

  @Test
  void noOtherModeHasTheSizeOfACluster() {
    Redis redis = Serialization.unmarshal("spec: {version: v, mode: Standalone}", Redis.class);

    assertThatIllegalStateException().isThrownBy(redis.getSpec()::requireCluster);
  }

  /** A resource written for a newer schema must not stop an older operator. */
  @Test
  void ignoresFieldsItDoesNotKnow() {
    Redis redis =
        Serialization.unmarshal(
            """
            apiVersion: slotkeeper.io/v1alpha1
            kind: Redis
            spec:
              version: "7.0"
              mode: Cluster
              cluster: {master: 3, later: {deep: 1}}
              later: true
            """,
            Redis.class);

    assertThat(redis.getSpec().cluster()).isEqualTo(new ClusterSpec(3, 0));
  }

  @Test
  void writesNoNullsAndReadsWhatItWrote() {
    var status =
        new RedisStatus(
            Phase.Creating,
            1L,
            List.of(new ConditionBuilder().withType("Ready").withStatus("False").build()),
            null,
            1,
            "0/2",
            null,
            List.of(
                new ShardStatus(
                    "small-shard0", null, 0, null, List.of(), List.of("x"), true, null, null)),
            List.of(
                new MemberStatus("small-shard0-0", "0".repeat(40), List.of("node-1"), List.of())),
            null,
            null);

    String json = Serialization.asJson(status);

    assertThat(json).doesNotContain("null");
    assertThat(Serialization.unmarshal(json, RedisStatus.class)).isEqualTo(status);
  }

  @Test
  void everyRecordIsReadAndWrittenTheSameWay() {
    ArchRuleDefinition.classes()
        .that()
        .areRecords()
        .should()
        .beAnnotatedWith(ApiObject.class)
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.slotkeeper.api"));
  }
}
