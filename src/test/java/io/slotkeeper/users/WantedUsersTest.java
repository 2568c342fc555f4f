package io.slotkeeper.users;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.redis.AclUser;
import io.slotkeeper.redis.UserCommands.Trial;
import io.slotkeeper.resources.ServedUsers;
import io.slotkeeper.resources.ServedUsers.Entry;
import io.slotkeeper.users.WantedUsers.Situation;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WantedUsersTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final List<String> READ = List.of("+@read");
  private static final List<String> WRITE = List.of("+@write");
  private static final List<String> TYPO = List.of("+@raed");

  private final Map<List<String>, Trial> trials =
      new HashMap<>(
          Map.of(
              READ, new Trial.Accepted("r"),
              WRITE, new Trial.Accepted("w"),
              TYPO, new Trial.Refused("ERR unknown category")));
  private Set<String> unreadable = Set.of();
  private Set<String> gone = Set.of();
  private ServedUsers before = ServedUsers.NONE;
  private Instant now = NOW;

  private static UserWish wish(String name, String username, List<String> rules) {
    return new UserWish(
        name,
        "uid-" + name,
        "2026-01-01T00:00:00Z",
        username,
        rules,
        Optional.empty(),
        false,
        Optional.of("h"),
        "1");
  }

  private static UserWish with(UserWish wish, Optional<String> objection, Optional<String> hash) {
    return new UserWish(
        wish.name(),
        wish.uid(),
        wish.created(),
        wish.username(),
        wish.rules(),
        objection,
        wish.suspended(),
        hash,
        wish.basis());
  }

  private WantedUsers decide(UserWish... wishes) {
    return WantedUsers.decide(
        new Situation(List.of(wishes), unreadable, before, trials, gone, now));
  }

  private static ServedUsers served(String by, AclUser... users) {
    TreeMap<String, Entry> entries = new TreeMap<>();
    for (AclUser user : users) {
      entries.put(user.name(), new Entry(by, user));
    }
    return new ServedUsers(entries, new TreeMap<>());
  }

  private static UserReport report(WantedUsers wanted, String name) {
    return Objects.requireNonNull(wanted.reports().get("uid-" + name));
  }

  @Test
  void whatAServerTakesIsServed() {
    WantedUsers wanted = decide(wish("app", "billing", READ));

    assertThat(wanted.served()).isEqualTo(served("app", new AclUser("billing", "h", true, READ)));
    assertThat(report(wanted, "app").served()).isTrue();
  }

  @Test
  void whatNoServerHasTriedIsNotServedYet() {
    WantedUsers wanted = decide(wish("app", "billing", List.of("+get")));

    assertThat(wanted.served()).isEqualTo(ServedUsers.NONE);
    assertThat(report(wanted, "app").rules()).isEqualTo(UserReport.Rules.UNTRIED);
  }

  @Test
  void aTypoLeavesTheUserAsItIs() {
    before = served("app", new AclUser("billing", "h", true, READ));
    WantedUsers wanted = decide(wish("app", "billing", TYPO));

    assertThat(wanted.served()).isEqualTo(before);
    assertThat(report(wanted, "app").words()).isEqualTo("ERR unknown category");
    assertThat(report(wanted, "app").served()).isFalse();
  }

  @Test
  void anObjectionLeavesTheUserAsItIs() {
    before = served("app", new AclUser("billing", "h", true, READ));
    UserWish wish =
        with(wish("app", "billing", List.of()), Optional.of("nopass"), Optional.of("h"));
    // no words at all would be accepted
    trials.put(List.of(), new Trial.Accepted("nothing"));
    WantedUsers wanted = decide(wish);

    assertThat(wanted.served()).isEqualTo(before);
    assertThat(report(wanted, "app").rules()).isEqualTo(UserReport.Rules.REFUSED);
  }

  @Test
  void aPasswordThatIsNotKnownStays() {
    before = served("app", new AclUser("billing", "old", true, READ));
    UserWish wish = with(wish("app", "billing", WRITE), Optional.empty(), Optional.empty());

    assertThat(decide(wish).served())
        .isEqualTo(served("app", new AclUser("billing", "old", true, WRITE)));
    before = ServedUsers.NONE;
    assertThat(decide(wish).served()).isEqualTo(ServedUsers.NONE);
  }

  @Test
  void theOlderOneHasTheUsername() {
    UserWish younger =
        new UserWish(
            "a",
            "uid-a",
            "2026-01-02T00:00:00Z",
            "billing",
            WRITE,
            Optional.empty(),
            false,
            Optional.of("a"),
            "1");
    WantedUsers wanted = decide(younger, wish("b", "billing", READ));

    assertThat(wanted.served()).isEqualTo(served("b", new AclUser("billing", "h", true, READ)));
    assertThat(report(wanted, "a").rival()).contains("b");
    assertThat(report(wanted, "b").rival()).isEmpty();
  }

  /** The younger one inherits neither password nor rules. */
  @Test
  void anotherThatTakesTheNameOverStartsFromNothing() {
    before = served("a", new AclUser("billing", "h", true, READ));

    WantedUsers wanted = decide(wish("b", "billing", TYPO));
    assertThat(wanted.served().users()).isEmpty();
    assertThat(wanted.served().removed()).containsOnlyKeys("billing");
  }

  @Test
  void whatIsNotAskedForIsRemovedAndRememberedUntilItIsGone() {
    before = served("app", new AclUser("billing", "h", true, READ));
    before = decide().served();
    assertThat(before.users()).isEmpty();
    assertThat(before.removed()).containsEntry("billing", NOW);

    gone = Set.of("billing");
    now = NOW.plus(Duration.ofMinutes(9));
    assertThat(decide().served()).isEqualTo(before);
    now = NOW.plus(Duration.ofMinutes(11));
    assertThat(decide().served()).isEqualTo(ServedUsers.NONE);
    gone = Set.of();
    assertThat(decide().served()).as("a server may have it").isEqualTo(before);
  }

  @Test
  void aNameThatIsWantedAgainIsNotRemoved() {
    before = new ServedUsers(new TreeMap<>(), new TreeMap<>(Map.of("billing", NOW)));

    assertThat(decide(wish("app", "billing", READ)).served().removed()).isEmpty();
  }

  @Test
  void whatCannotBeReadStaysAsItWas() {
    before =
        new ServedUsers(
            new TreeMap<>(
                Map.of(
                    "one", new Entry("app", new AclUser("one", "h", true, READ)),
                    "two", new Entry("other", new AclUser("two", "h", true, READ)))),
            new TreeMap<>());
    unreadable = Set.of("app");

    WantedUsers wanted = decide();
    assertThat(wanted.served().users()).containsOnlyKeys("one");
    assertThat(wanted.served().removed()).containsOnlyKeys("two");
  }

  @Test
  void aSuspendedUserIsOffEvenWithRulesThatAreRefused() {
    before = served("app", new AclUser("billing", "h", true, READ));
    UserWish wish =
        new UserWish(
            "app",
            "uid-app",
            "2026-01-01T00:00:00Z",
            "billing",
            TYPO,
            Optional.empty(),
            true,
            Optional.of("h"),
            "1");

    assertThat(decide(wish).served())
        .isEqualTo(served("app", new AclUser("billing", "h", false, READ)));
  }
}
