package io.slotkeeper.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slotkeeper.execute.Outcome;
import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.AcceptedPasswords;
import io.slotkeeper.testing.EachServerVersion;
import io.slotkeeper.testing.RawConnection;
import io.slotkeeper.testing.RedisServer;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The users of servers that run. */
@EachServerVersion
class LiveUsersServersTest {
  private final UserServers servers;

  LiveUsersServersTest(String version) {
    servers = new UserServers(version);
  }

  @AfterEach
  void close() {
    servers.close();
  }

  private void wish(String username, String password, String... rules) {
    wish(username, password, false, rules);
  }

  private void wish(String username, String password, boolean suspended, String... rules) {
    servers.wishes.put(
        username,
        new UserWish(
            username,
            "uid-" + username,
            "2026-01-01T00:00:00Z",
            username,
            List.of(rules),
            Optional.empty(),
            suspended,
            Optional.of(AcceptedPasswords.hash(password)),
            "1"));
  }

  private UserReport report(UserServers.Passed passed, String username) {
    return Objects.requireNonNull(passed.decided().reports().get("uid-" + username));
  }

  @Test
  void aUserMayDoWhatItsRulesSay() {
    wish("app", "pw", "~app:*", "+@read", "+set", "(~stock:*", "+get)");
    UserServers.Passed passed = servers.settle();

    assertThat(passed.result().applied()).containsEntry("app", 2);
    assertThat(report(passed, "app").rules()).isEqualTo(UserReport.Rules.ACCEPTED);
    for (RedisServer server : servers.servers) {
      try (RawConnection app = servers.connect(server, "app", "pw")) {
        assertThat(app.ask("SET", "app:1", "x")).isEqualTo("+OK");
        assertThat(app.ask("GET", "stock:1")).isEqualTo("_");
        assertThat(app.ask("SET", "stock:1", "x")).startsWith("-NOPERM");
        assertThat(app.ask("SET", "other", "x")).startsWith("-NOPERM");
        assertThat(app.ask("CONFIG", "GET", "requirepass")).startsWith("-NOPERM");
      }
      assertThat(servers.login(server, "app", "of-default")).startsWith("-WRONGPASS");
      assertThat(server.cli("ACL", "USERS")).doesNotContain("slotkeeper-check");
    }
  }

  @Test
  void aRuleThatIsRefusedChangesNothing() {
    wish("app", "pw", "~app:*", "+@read");
    servers.settle();
    String before = servers.servers.getFirst().cli("ACL", "LIST");
    wish("app", "pw", "~app:*", "+@raed");
    UserServers.Passed passed = servers.settle();

    assertThat(report(passed, "app").rules()).isEqualTo(UserReport.Rules.REFUSED);
    assertThat(report(passed, "app").words()).contains("+@raed").contains("Unknown command");
    assertThat(servers.servers.getFirst().cli("ACL", "LIST")).isEqualTo(before);
    assertThat(servers.login(servers.servers.getLast(), "app", "pw")).isEqualTo("+OK");

    wish("app", "new", "~app:*", "+@raed");
    servers.settle();
    assertThat(servers.login(servers.servers.getLast(), "app", "new"))
        .as("a password is not held up")
        .isEqualTo("+OK");
  }

  @Test
  void aPasswordMayHaveAnyCharacter() {
    String password = " \"'\\\t\r\n\u0001äß€😀>#<! ".repeat(200);
    wish("app", password, "+ping");
    servers.settle();

    assertThat(servers.login(servers.servers.getFirst(), "app", password)).isEqualTo("+OK");
  }

  @Test
  void aUserThatIsRemovedIsCutOff() {
    wish("app", "pw", "+@all", "~*");
    servers.settle();
    try (RawConnection session = servers.connect(servers.servers.getFirst(), "app", "pw")) {
      assertThat(session.ask("PING")).isEqualTo("+PONG");
      servers.wishes.clear();
      servers.settle();
      assertThatThrownBy(() -> session.ask("PING")).isInstanceOf(UncheckedIOException.class);
    }
    for (RedisServer server : servers.servers) {
      assertThat(server.cli("ACL", "USERS").lines()).containsExactly("default");
    }
  }

  @Test
  void aUserThatIsSuspendedIsCutOffAndComesBack() {
    wish("app", "pw", "+@all", "~*");
    servers.settle();
    RedisServer server = servers.servers.getFirst();
    try (RawConnection session = servers.connect(server, "app", "pw")) {
      wish("app", "pw", true, "+@all", "~*");
      servers.settle();
      assertThatThrownBy(() -> session.ask("PING")).isInstanceOf(UncheckedIOException.class);
    }
    assertThat(servers.login(server, "app", "pw")).startsWith("-WRONGPASS");
    wish("app", "pw", "+@all", "~*");
    servers.settle();
    assertThat(servers.login(server, "app", "pw")).isEqualTo("+OK");
  }

  @Test
  void usersOfOthersAreLeftAlone() {
    RedisServer server = servers.servers.getFirst();
    server.cli("ACL", "SETUSER", "v-token-1", "on", ">vault", "+get", "~v*");
    String theirs = server.cli("ACL", "GETUSER", "v-token-1");
    wish("app", "pw", "+get");
    servers.settle();
    servers.wishes.clear();
    servers.settle();

    assertThat(server.cli("ACL", "GETUSER", "v-token-1")).isEqualTo(theirs);
    assertThat(servers.login(server, "v-token-1", "vault")).isEqualTo("+OK");
  }

  /** It has a silent server, too, which has to be told later. */
  @Test
  void whatIsMissedWhileAwayIsMadeUpFor() {
    wish("gone", "pw", "+get");
    wish("app", "pw", "+get");
    servers.settle();
    RedisServer slow = servers.servers.getLast();
    servers.silent(slow);
    servers.wishes.remove("gone");
    wish("app", "pw", "+get", "~a*");
    UserServers.Passed passed = servers.settle();
    assertThat(passed.result().applied()).containsEntry("app", 1);
    assertThat(servers.secret.removed()).containsKey("gone");
    servers.now = servers.now.plus(Duration.ofHours(1));
    servers.settle();
    assertThat(servers.secret.removed()).as("a server may have it").containsKey("gone");

    servers.restartOperator();
    servers.silent(null);
    assertThat(servers.settle().result().applied()).containsEntry("app", 2);
    assertThat(servers.login(slow, "gone", "pw")).startsWith("-WRONGPASS");
    servers.settle();
    assertThat(servers.secret.removed()).isEmpty();
  }

  @Test
  void aServerThatStartsAgainGetsAllUsers() {
    wish("app", "pw", "+get");
    wish("two", "pw", "+get");
    servers.settle();
    RedisServer server = servers.servers.getFirst();
    server.restart();
    assertThat(servers.login(server, "app", "pw")).startsWith("-WRONGPASS");

    assertThat(servers.pass().result().outcomes()).hasSize(1);
    assertThat(servers.login(server, "app", "pw")).isEqualTo("+OK");
    assertThat(servers.login(server, "two", "pw")).isEqualTo("+OK");
  }

  @Test
  void aUserThatWasChangedByHandIsPutRight() {
    wish("app", "pw", "+get");
    servers.settle();
    RedisServer server = servers.servers.getFirst();
    server.cli("ACL", "SETUSER", "app", "+@all", "nopass");
    servers.settle();
    servers.now = servers.now.plusSeconds(6);
    UserServers.Passed passed = servers.settle();

    assertThat(passed.result().applied()).containsEntry("app", 2);
    assertThat(servers.login(server, "app", "any")).startsWith("-WRONGPASS");
  }

  /** What is as it should be is not written again, whatever the operator remembers. */
  @Test
  void anOperatorThatStartsChangesNothing() {
    wish("app", "pw", "+@read", "~a:*", "&c:*", "(+set", "~b:*)", "-@dangerous", "%R~r:*");
    servers.settle();
    servers.restartOperator();

    assertThat(servers.pass().result().outcomes()).isEmpty();
    assertThat(servers.pass().result().applied()).containsEntry("app", 2);
  }

  @Test
  void aThousandUsersAreOneStep() {
    for (int i = 0; i < 1000; i++) {
      wish("user-" + i, "pw" + i, "~app:" + i + ":*", "+@read", "+@write", "-@dangerous");
    }
    UserServers.Passed first = servers.pass();

    assertThat(first.result().outcomes())
        .hasSize(2)
        .allSatisfy(outcome -> {
          assertThat(outcome).isInstanceOf(Outcome.Done.class);
          assertThat(((Action.ChangeUsers) outcome.action()).users()).hasSize(1000);
          assertThat(outcome.action().toString()).doesNotContain(AcceptedPasswords.hash("pw7"));
        });
    UserServers.Passed second = servers.pass();
    assertThat(second.result().outcomes()).isEmpty();
    assertThat(second.result().applied()).hasSize(1000).containsEntry("user-999", 2);
    assertThat(servers.login(servers.servers.getLast(), "user-999", "pw999")).isEqualTo("+OK");
  }
}
