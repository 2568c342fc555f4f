package io.slotkeeper.users;

import io.slotkeeper.redis.AclUser;
import io.slotkeeper.redis.UserCommands.Trial;
import io.slotkeeper.resources.ServedUsers;
import io.slotkeeper.resources.ServedUsers.Entry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which users servers are to have. Pure. Rules that no server has taken yet change no user; what
 * cannot be read or is not known leaves a user as it is.
 *
 * @param served what the Secret of the servers is to say
 * @param reports by the uid of the RedisUser
 */
public record WantedUsers(ServedUsers served, Map<String, UserReport> reports) {

  /**
   * The kubelet takes up to two minutes to bring a file to a pod. A container that restarts
   * meanwhile starts with users that were removed.
   */
  static final Duration REMEMBERED = Duration.ofMinutes(10);

  /**
   * What is known.
   *
   * @param unreadable the names of RedisUsers that cannot be read: what they asked for last stays
   * @param before what the Secret says
   * @param trials what servers make of rules; absent for those that none was asked
   * @param gone the removed usernames that no server has any more
   */
  public record Situation(
      Collection<UserWish> wishes,
      Set<String> unreadable,
      ServedUsers before,
      Map<List<String>, Trial> trials,
      Set<String> gone,
      Instant now) {}

  public static WantedUsers decide(Situation situation) {
    return new Decision(situation).made();
  }

  private static final class Decision {
    private final Situation situation;
    private final SortedMap<String, Entry> users = new TreeMap<>();
    private final Map<String, UserReport> reports = new HashMap<>();

    private Decision(Situation situation) {
      this.situation = situation;
    }

    private WantedUsers made() {
      Map<String, UserWish> winners = new HashMap<>();
      for (UserWish wish : situation.wishes().stream().sorted(UserWish.AGE).toList()) {
        UserWish winner = winners.putIfAbsent(wish.username(), wish);
        if (winner == null) {
          grant(wish);
        } else {
          reports.put(wish.uid(), report(wish, Optional.of(winner.name()), false));
        }
      }
      situation
          .before()
          .users()
          .forEach((username, entry) -> {
            if (situation.unreadable().contains(entry.by())) {
              users.putIfAbsent(username, entry);
            }
          });
      return new WantedUsers(new ServedUsers(users, removed()), Map.copyOf(reports));
    }

    private void grant(UserWish wish) {
      Optional<AclUser> before =
          Optional.ofNullable(situation.before().users().get(wish.username()))
              .filter(entry -> entry.by().equals(wish.name()))
              .map(Entry::user);
      boolean accepted = trial(wish).filter(Trial.Accepted.class::isInstance).isPresent();
      Optional<List<String>> rules =
          accepted ? Optional.of(wish.rules()) : before.map(AclUser::rules);
      Optional<String> hash = wish.hash().or(() -> before.map(AclUser::hash));
      if (rules.isPresent() && hash.isPresent()) {
        AclUser user = new AclUser(wish.username(), hash.get(), !wish.suspended(), rules.get());
        users.put(wish.username(), new Entry(wish.name(), user));
      }
      reports.put(wish.uid(), report(wish, Optional.empty(), accepted && wish.hash().isPresent()));
    }

    private Optional<Trial> trial(UserWish wish) {
      return wish.objection().isPresent()
          ? Optional.empty()
          : Optional.ofNullable(situation.trials().get(wish.rules()));
    }

    private UserReport report(UserWish wish, Optional<String> rival, boolean served) {
      Optional<Trial> trial = trial(wish);
      Optional<String> words =
          wish.objection()
              .or(() ->
                  trial.flatMap(made ->
                      made instanceof Trial.Refused refused
                          ? Optional.of(refused.words())
                          : Optional.empty()));
      UserReport.Rules rules =
          words.isPresent()
              ? UserReport.Rules.REFUSED
              : trial.isPresent() ? UserReport.Rules.ACCEPTED : UserReport.Rules.UNTRIED;
      return new UserReport(wish.basis(), rival, rules, words.orElse(""), served, 0, 0);
    }

    /** A name that is wanted again is not removed any more. */
    private SortedMap<String, Instant> removed() {
      Instant now = situation.now().truncatedTo(ChronoUnit.SECONDS);
      SortedMap<String, Instant> removed = new TreeMap<>(situation.before().removed());
      removed
          .entrySet()
          .removeIf(entry ->
              situation.gone().contains(entry.getKey())
                  && entry.getValue().plus(REMEMBERED).isBefore(now));
      situation.before().users().keySet().forEach(name -> removed.put(name, now));
      removed.keySet().removeAll(users.keySet());
      return removed;
    }
  }
}
