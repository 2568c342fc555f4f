package io.slotkeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.e2e.chaos.Scaled;
import org.junit.jupiter.api.Test;

/** More masters and fewer, under the eyes of clients: they lose nothing. */
@OnCluster
class ScaleTest {
  private static final int SLOTS = 16_384;

  private final Space space;

  ScaleTest(Space space) {
    this.space = space;
  }

  /** Runs, with a replica for each master, its slots moved one source at a time. */
  private TestRedis create(String name, String version, int masters) {
    return space
        .create(
            name,
            """
            version: "%s"
            cluster: {master: %d, replicas: 1, migration: {parallelism: 1}}
            storage: {resources: {requests: {storage: 512Mi}}}
            """
                .formatted(version, masters))
        .awaitRunning();
  }

  @Test
  void keyByKeyAndWithSecondThoughts() throws Exception {
    try (var redis = new Scaled(create("classic", "7.0", 3), 3)) {
      redis.resize(6);
      redis.awaitMoreSlots(3, SLOTS / 16);
      redis.resize(5);
      assertThat(redis.slotsFrom(3)).as("in the middle").isLessThan(SLOTS / 2);
      redis.awaitHeard();
      redis.resize(6);
      redis.awaitWhole();
      assertThat(redis.homeOfLarge()).as("the large hash has moved").isPositive();

      redis.resize(3);
      redis.awaitWhole();
      redis.finish();
    }
  }

  @Test
  void byTheServersThemselves() throws Exception {
    try (var redis = new Scaled(create("atomic", "valkey-9.1", 1), 1)) {
      redis.resize(3);
      redis.awaitWhole();
      assertThat(redis.homeOfLarge()).as("the large hash has moved").isPositive();

      redis.resize(1);
      redis.awaitWhole();
      redis.finish();
    }
  }

  @Test
  void keyByKeyWhateverIsKilledHalfWay() throws Exception {
    try (var redis = new Scaled(create("killed", "7.0", 3), 3)) {
      redis.resize(5);
      redis.awaitMoreSlots(3, SLOTS / 16);
      redis.killOperator();
      assertThat(redis.slotsFrom(3)).as("in the middle").isLessThan(SLOTS * 2 / 5);
      redis.killGiver();
      assertThat(redis.slotsFrom(3)).as("in the middle").isLessThan(SLOTS * 2 / 5);
      redis.killTaker();
      redis.awaitWhole();
      redis.finish();
    }
  }

  @Test
  void byTheServersThemselvesWhateverIsKilledHalfWay() throws Exception {
    try (var redis = new Scaled(create("interrupted", "8.6", 2), 2)) {
      redis.resize(4);
      redis.awaitMoreSlots(2, 0);
      redis.killMaster(0);
      redis.killMaster(3);
      redis.awaitWhole();

      redis.resize(2);
      redis.awaitMoreSlots(2, 0);
      redis.killOperator();
      redis.killMaster(2);
      redis.awaitWhole();
      redis.finish();
    }
  }
}
