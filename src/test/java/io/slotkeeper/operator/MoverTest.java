package io.slotkeeper.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slotkeeper.act.Kubernetes;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Host;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.Memory;
import io.slotkeeper.observe.PodView;
import io.slotkeeper.observe.Sight;
import io.slotkeeper.plan.Health;
import io.slotkeeper.plan.Pace;
import io.slotkeeper.plan.Placement.Together;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.redis.SlotSet;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A replica on its master's machine is moved, and not again and again. */
class MoverTest {
  private static final String UID = "uid";
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private Instant now = START.plus(Duration.ofHours(1));
  private final List<Host> hosts =
      new ArrayList<>(List.of(new Host("a", true, true), new Host("b", true, true)));
  private String replicaHost = "a";
  private Instant createdAt = START;

  private final Mover mover =
      new Mover(
          none(KubernetesClient.class),
          none(Kubernetes.class),
          new EventPublisher(none(KubernetesClient.class), "me", () -> now),
          new SimpleMeterRegistry(),
          () -> now);

  private static <T> T none(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, _) -> {
              throw new UnsupportedOperationException(method.getName());
            }));
  }

  private Optional<String> next(Pace pace) {
    Health health =
        new Health(
            SlotSet.ALL,
            true,
            true,
            List.of(
                new Health.Shard(
                    0, SlotSet.ALL, "x-shard0-1", List.of("x-shard0-0"), List.of(), 0, List.of())));
    ClusterView view =
        new ClusterView(now, List.of(pod(0, replicaHost), pod(1, "a")), Memory.NONE, Set.of())
            .on(hosts);
    Optional<Together> move = mover.next(UID, new Plan(List.of(), List.of(), health, pace), view);
    move.ifPresent(m -> mover.tried(UID, m));
    return move.map(m -> m.replica().name());
  }

  private Member pod(int ordinal, String host) {
    return new Member(
        new PodView(
            "x-shard0-" + ordinal,
            "uid" + ordinal,
            0,
            ordinal,
            null,
            host,
            createdAt,
            false,
            true,
            PodView.Container.RUNNING,
            null),
        new Sight.Unaddressed());
  }

  @Test
  void theReplicaGoesAndNotTheMaster() {
    assertThat(next(Pace.RESTING)).hasValue("x-shard0-0");
  }

  @Test
  void nobodyGoesWhileSomethingIsNotAsWanted() {
    assertThat(next(Pace.EAGER)).isEmpty();
    assertThat(next(Pace.WAITING)).isEmpty();
  }

  @Test
  void nobodyGoesWhereThereIsNowhereToGo() {
    hosts.set(1, new Host("b", true, false));

    assertThat(next(Pace.RESTING)).isEmpty();
  }

  @Test
  void nobodyGoesWhereTheCopiesAreApart() {
    replicaHost = "b";

    assertThat(next(Pace.RESTING)).isEmpty();
  }

  @Test
  void whoHasJustComeIsLeftAlone() {
    createdAt = now.minusSeconds(5);

    assertThat(next(Pace.RESTING)).isEmpty();
  }

  @Test
  void whatComesBackIsTriedAgainLessAndLessOften() {
    assertThat(next(Pace.RESTING)).isPresent();
    now = now.plus(Duration.ofMinutes(9));
    assertThat(next(Pace.RESTING)).isEmpty();
    now = now.plus(Duration.ofMinutes(1));
    assertThat(next(Pace.RESTING)).isPresent();
    now = now.plus(Duration.ofMinutes(19));
    assertThat(next(Pace.RESTING)).isEmpty();
    now = now.plus(Duration.ofMinutes(1));
    assertThat(next(Pace.RESTING)).isPresent();
    for (int i = 0; i < 20; i++) {
      now = now.plus(Duration.ofDays(1));
      assertThat(next(Pace.RESTING)).as("once a day at least").isPresent();
    }
    now = now.plus(Duration.ofHours(23));
    assertThat(next(Pace.RESTING)).isEmpty();
  }

  @Test
  void whatIsGoneIsForgotten() {
    assertThat(next(Pace.RESTING)).isPresent();
    assertThat(next(Pace.RESTING)).isEmpty();

    mover.retain(Set.of());

    assertThat(next(Pace.RESTING)).isPresent();
  }
}
