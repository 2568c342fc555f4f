package io.slotkeeper.redis.migration;

import static io.slotkeeper.redis.cluster.NodeSnapshot.Engine.REDIS;
import static io.slotkeeper.redis.cluster.NodeSnapshot.Engine.VALKEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.redis.cluster.NodeSnapshot;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MigrationMethodTest {

  @Test
  void isTheBestThatAllCan() {
    assertThat(of(REDIS, "8.4.0", "8.10.1", "9.0.0")).isEqualTo(MigrationMethod.REDIS_ATOMIC);
    assertThat(of(REDIS, "8.4.0", "8.3.9")).isEqualTo(MigrationMethod.CLASSIC);
    assertThat(of(REDIS, "7.0.15")).isEqualTo(MigrationMethod.CLASSIC);
    assertThat(of(VALKEY, "9.0.0", "10.1.0")).isEqualTo(MigrationMethod.VALKEY_ATOMIC);
    assertThat(of(VALKEY, "8.1.9", "9.0.0")).isEqualTo(MigrationMethod.CLASSIC);
  }

  @Test
  void engineAndVersionBelongTogether() {
    NodeSnapshot redis = Snapshots.of(REDIS, "9.0.0");
    NodeSnapshot valkey = Snapshots.of(VALKEY, "9.0.0");

    assertThat(MigrationMethod.of(List.of(redis, valkey))).isEqualTo(MigrationMethod.CLASSIC);
  }

  @Test
  void ofAnUnreadableVersionNothingIsAssumed() {
    assertThat(of(REDIS, "unstable")).isEqualTo(MigrationMethod.CLASSIC);
    assertThat(of(REDIS, "9.x.1")).isEqualTo(MigrationMethod.CLASSIC);
    assertThat(of(REDIS, "8.4-rc1")).isEqualTo(MigrationMethod.CLASSIC);
  }

  private static MigrationMethod of(NodeSnapshot.Engine engine, String... versions) {
    return MigrationMethod.of(
        Stream.of(versions).map(version -> Snapshots.of(engine, version)).toList());
  }
}
