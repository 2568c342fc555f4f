package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.api.Redis;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HousekeepingTest {

  @Test
  void oneThatFailsKeepsNeitherTheOthersNorTheNextRound() {
    Redis redis = new Redis();
    redis.getMetadata().setUid("uid");
    redis.getMetadata().setName("r");
    List<Set<String>> kept = new ArrayList<>();
    try (ServerLiveness liveness = new ServerLiveness(_ -> {}, _ -> {})) {
      Housekeeping housekeeping =
          new Housekeeping(
              () -> List.of(redis),
              liveness,
              List.of(
                  _ -> {
                    throw new IllegalStateException("broken");
                  },
                  kept::add));

      housekeeping.run();
      housekeeping.run();
    }

    assertThat(kept).containsExactly(Set.of("uid"), Set.of("uid"));
  }
}
