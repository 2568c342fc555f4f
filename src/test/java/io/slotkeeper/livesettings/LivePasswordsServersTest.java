package io.slotkeeper.livesettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slotkeeper.execute.Outcome;
import io.slotkeeper.livesettings.LivePasswords.Result;
import io.slotkeeper.redis.AcceptedPasswords;
import io.slotkeeper.redis.Logins;
import io.slotkeeper.testing.EachServerVersion;
import io.slotkeeper.testing.RawConnection;
import io.slotkeeper.testing.RedisServer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The password of servers and a Sentinel that run changes: a master, its replica, a Sentinel. */
@EachServerVersion
class LivePasswordsServersTest {
  private static final AcceptedPasswords BOTH = new AcceptedPasswords("new", "old");
  private static final AcceptedPasswords NEW = new AcceptedPasswords("new", null);
  private static final int MOST_PASSES = 40;

  private final PasswordServers servers;

  LivePasswordsServersTest(String version) {
    servers = new PasswordServers(version, "old");
  }

  @AfterEach
  void close() {
    servers.close();
  }

  /** Passes of one operator, until one finds nothing to do. */
  private Result settle(AcceptedPasswords wanted, String login) {
    LivePasswords live = servers.operator(Integer.MAX_VALUE);
    for (int pass = 0; pass < MOST_PASSES; pass++) {
      Result result = servers.pass(live, wanted, login);
      assertThat(result.outcomes()).allMatch(Outcome.Done.class::isInstance);
      if (result.outcomes().isEmpty()) {
        return result;
      }
    }
    throw new AssertionError("it never settles");
  }

  @Test
  void clientsMayLogInWithEitherUntilTheFormerIsRemoved() {
    AtomicBoolean done = new AtomicBoolean();
    try (RawConnection session = servers.connect(servers.master, "old");
        Writer writer = new Writer(servers, "old", done)) {
      LivePasswords live = servers.operator(Integer.MAX_VALUE);
      Result first = servers.pass(live, BOTH, "old");
      assertThat(first.waiting()).isPresent();
      assertThat(live.isTaken("uid", "new")).as("not seen yet").isFalse();
      assertThat(servers.pass(live, BOTH, "old").waiting()).isEmpty();
      assertThat(live.isTaken("uid", "new")).isTrue();
      for (RedisServer server : servers.servers()) {
        servers.connect(server, "old").close();
        servers.connect(server, "new").close();
      }
      done.set(true);
      writer.join();
      assertThat(writer.failures()).isEmpty();
      assertThat(writer.written()).isPositive();

      settle(NEW, "new");

      assertThat(session.ask("PING")).as("a session goes on").isEqualTo("+PONG");
      for (RedisServer server : servers.servers()) {
        assertThat(servers.login(server.ip(), PasswordServers.CLIENTS, "old"))
            .contains("WRONGPASS");
        servers.connect(server, "new").close();
      }
      assertThat(servers.login(servers.sentinelIp(), PasswordServers.SENTINELS, "old"))
          .contains("WRONGPASS");
    }
  }

  /** The replica and the Sentinel connect anew, with what they have been told. */
  @Test
  void afterwardsReplicaAndSentinelComeBackByThemselves() {
    settle(BOTH, "old");
    settle(NEW, "new");
    servers.passwordOfCli("new");

    servers.master.cli("SET", "k", "1");
    servers.master.cli("CLIENT", "KILL", "TYPE", "replica");
    servers.master.cli("CLIENT", "KILL", "TYPE", "pubsub");
    servers.master.cli("CLIENT", "KILL", "TYPE", "normal");
    servers.master.cli("SET", "k", "2");

    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> servers.linkUp() && servers.sentinelFlags().equals("master"));
    await().until(() -> servers.replica.cli("GET", "k").equals("2"));
  }

  /**
   * A new operator goes on after each single command, and never is anything locked out. Where the
   * former one is removed, the Sentinel comes first each time, so it takes a second command.
   */
  @Test
  void anOperatorThatCrashesAfterEachCommandIsFollowedByOneThatGoesOn() {
    int commands = untilNothingIsLeft(BOTH, "old", 1) + untilNothingIsLeft(NEW, "new", 2);

    assertThat(commands).as("three accept, three use, three drop").isGreaterThanOrEqualTo(9);
    assertThat(servers.logins(servers.master, "new"))
        .isEqualTo(servers.logins(servers.replica, "new"))
        .matches(logins -> logins.acceptsOnly(NEW));
  }

  /** How many commands there were, of operators of which each crashes after so many. */
  private int untilNothingIsLeft(AcceptedPasswords wanted, String login, int each) {
    int commands = 0;
    for (int pass = 0; pass < MOST_PASSES; pass++) {
      Result result = servers.pass(servers.operator(each), wanted, login);
      assertThat(servers.lockedOut()).isEmpty();
      if (result.outcomes().isEmpty()) {
        assertThat(result.waiting()).isEmpty();
        return commands;
      }
      commands += (int) result.outcomes().stream().filter(Outcome.Done.class::isInstance).count();
    }
    throw new AssertionError("it never ends");
  }

  @Test
  void whileAServerIsSilentNoneUsesTheNewOne() {
    servers.silent(servers.replica);

    LivePasswords live = servers.operator(Integer.MAX_VALUE);
    servers.pass(live, BOTH, "old");
    Result second = servers.pass(live, BOTH, "old");

    assertThat(second.outcomes()).isEmpty();
    assertThat(second.waiting()).hasValueSatisfying(why -> assertThat(why).contains("p1"));
    assertThat(live.isTaken("uid", "new")).isFalse();
    Logins master = servers.logins(servers.master, "old");
    assertThat(master.used()).isEqualTo("old");
    assertThat(master.acceptsOnly(BOTH)).isTrue();

    servers.silent(null);
    assertThat(settle(BOTH, "old").waiting()).isEmpty();
    assertThat(servers.logins(servers.replica, "old").used()).isEqualTo("new");
  }

  /** Its kubelet was slow: its files had the former password alone. */
  @Test
  void aServerThatStartsWithTheFormerOneIsTold() {
    settle(BOTH, "old");

    servers.replica.restart("replicaof " + servers.master.ip() + " 6379");
    servers.awaitLink();
    assertThat(servers.logins(servers.replica, "old").accepts("new")).isFalse();

    settle(BOTH, "old");
    assertThat(servers.logins(servers.replica, "old").acceptsOnly(BOTH)).isTrue();
    settle(NEW, "new");
    servers.passwordOfCli("new");
    servers.awaitLink();
  }
}
