package io.slotkeeper.redis.lettuce;

import static io.slotkeeper.redis.lettuce.Standalones.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.lettuce.SentinelProcesses.Sentinel;
import io.slotkeeper.redis.sentinel.Hello;
import io.slotkeeper.redis.sentinel.SentinelSnapshot.Monitored;
import io.slotkeeper.testing.EachServerVersion;
import io.slotkeeper.testing.RawConnection;
import io.slotkeeper.testing.RedisServer;
import io.slotkeeper.testing.RedisServers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real Sentinels: what they answer, and how they learn of another primary. */
@Timeout(90)
@EachServerVersion
class SentinelNodeTest {
  /** A server that waits for a busy processor is not down. */
  private static final String PATIENT = "60000";

  private static final String NAME = "orders";
  private static final String PASSWORD = "a-p4ssword-for-few";

  private final Standalones all;
  private final SentinelProcesses sentinels;

  SentinelNodeTest(String name) {
    all = new Standalones(name);
    sentinels = new SentinelProcesses(name, all.nodes);
  }

  @AfterEach
  void close() {
    sentinels.close();
    all.close();
  }

  private void monitor(Sentinel sentinel, RedisServer primary, int quorum) {
    sentinel.node().monitor(NAME, primary.ip(), RedisServers.PORT, quorum);
    sentinel.node().set(NAME, Map.of("auth-pass", PASSWORD, "down-after-milliseconds", PATIENT));
  }

  /** Each learns of the others, and of an epoch. */
  private static void introduce(List<Sentinel> some, RedisServer primary, long epoch) {
    for (Sentinel to : some) {
      for (Sentinel from : some) {
        if (!from.equals(to)) {
          to.node().hear(new Hello(from.peer(), NAME, primary.ip(), RedisServers.PORT, epoch));
        }
      }
    }
  }

  @Test
  void aNewSentinelKnowsNoPrimary() {
    Sentinel sentinel = sentinels.start();

    assertThat(sentinel.look(NAME).id()).isEqualTo(sentinel.id);
    assertThat(sentinel.look(NAME).monitored()).isEmpty();
    assertThat(sentinel.look(NAME).others()).isEmpty();
    assertThatThrownBy(() -> sentinel.node().remove(NAME)).isInstanceOf(RedisErrorException.class);
  }

  @Test
  void showsWhatItMonitors() {
    RedisServer primary = all.start();
    RedisServer replica = all.startReplica(primary);
    Sentinel sentinel = sentinels.start();

    monitor(sentinel, primary, 2);
    sentinel.node().set(NAME, Map.of("parallel-syncs", "3", "quorum", "1"));

    eventually(() -> !sentinel.monitored(NAME).orElseThrow().replicas().isEmpty());
    Monitored seen = sentinel.monitored(NAME).orElseThrow();
    assertThat(seen.isAt(primary.ip(), port -> port == RedisServers.PORT)).isTrue();
    assertThat(seen.quorum()).isEqualTo(1);
    assertThat(seen.epoch()).isZero();
    assertThat(seen.electing()).isFalse();
    assertThat(seen.peers()).isEmpty();
    assertThat(seen.replicas()).containsExactly(replica.ip() + ":" + RedisServers.PORT);
    assertThat(seen.settings())
        .containsEntry("down-after-milliseconds", PATIENT)
        .containsEntry("parallel-syncs", "3");
    assertThat(sentinel.look("another").monitored()).isEmpty();
    assertThat(sentinel.look("another").others()).containsExactly(NAME);
    sentinel.node().remove(NAME);
    assertThat(sentinel.look(NAME).monitored()).isEmpty();
  }

  /** No reply shows a password. */
  @Test
  void showsWhereTheServerRefusesIt() {
    RedisServer primary = all.start();
    Sentinel sentinel = sentinels.start();
    monitor(sentinel, primary, 1);
    eventually(() -> !sentinel.monitored(NAME).orElseThrow().runId().isEmpty());
    assertThat(sentinel.monitored(NAME).orElseThrow().refused()).isFalse();

    sentinel.node().set(NAME, Map.of("auth-pass", "another"));
    eventually(() -> sentinel.monitored(NAME).orElseThrow().refused());

    sentinel.node().set(NAME, Map.of("auth-pass", PASSWORD));
    eventually(() -> !sentinel.monitored(NAME).orElseThrow().refused());
  }

  /** In milliseconds; they would find each other within two seconds by themselves. */
  @Test
  void aHelloIntroducesOneToAnother() {
    RedisServer primary = all.start();
    List<Sentinel> pair = sentinels.start(2);
    pair.forEach(sentinel -> monitor(sentinel, primary, 2));

    introduce(pair, primary, 7);

    for (Sentinel sentinel : pair) {
      Monitored seen = sentinel.monitored(NAME).orElseThrow();
      assertThat(seen.epoch()).isEqualTo(7);
      assertThat(seen.peers())
          .containsExactly(pair.get(sentinel.equals(pair.getFirst()) ? 1 : 0).peer());
    }
  }

  @Test
  void aHelloSwitchesToAnotherPrimaryAndTellsTheClients() {
    RedisServer primary = all.start();
    RedisServer replica = all.startReplica(primary);
    List<Sentinel> three = sentinels.start(3);
    three.forEach(sentinel -> monitor(sentinel, primary, 2));
    introduce(three, primary, 1);
    try (RawConnection client = new RawConnection(three.getFirst().ip, SentinelProcesses.PORT)) {
      assertThat(client.ask("SUBSCRIBE", "+switch-master")).isEqualTo("*3");
      assertThat(List.of(client.next(), client.next(), client.next()))
          .containsExactly("$subscribe", "$+switch-master", ":1");
      all.node(replica).lead();
      all.node(primary).follow(replica.ip(), RedisServers.PORT);

      introduce(three, replica, 2);

      for (Sentinel sentinel : three) {
        assertThat(sentinel.monitored(NAME).orElseThrow())
            .matches(seen -> seen.isAt(replica.ip(), port -> port == RedisServers.PORT))
            .matches(seen -> seen.epoch() == 2);
      }
      assertThat(List.of(client.next(), client.next(), client.next(), client.next()))
          .containsExactly(
              "*3",
              "$message",
              "$+switch-master",
              "$%s %s 6379 %s 6379".formatted(NAME, primary.ip(), replica.ip()));
      introduce(three, primary, 1); // old news
      assertThat(three.getFirst().monitored(NAME).orElseThrow().epoch()).isEqualTo(2);
    }
    // It was no trick that they do not get over: they keep to it, and elect as before.
    RedisServer third = all.startReplica(replica);
    eventually(
        () -> three.stream().allMatch(s -> s.monitored(NAME).orElseThrow().replicas().size() == 2));
    three.forEach(s -> s.node().set(NAME, Map.of("down-after-milliseconds", "1000")));
    replica.kill();
    eventually(() ->
        three.stream()
            .allMatch(s ->
                s.monitored(NAME).orElseThrow().epoch() > 2
                    && !s.monitored(NAME)
                        .orElseThrow()
                        .isAt(replica.ip(), port -> port == RedisServers.PORT)));
    eventually(() -> all.replication(third).master() || all.replication(primary).master());
  }
}
