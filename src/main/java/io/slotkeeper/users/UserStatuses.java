package io.slotkeeper.users;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.slotkeeper.api.BindingStatus;
import io.slotkeeper.api.RedisUser;
import io.slotkeeper.api.RedisUserStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The status of a RedisUser. Pure. */
public final class UserStatuses {
  public static final String READY = "Ready";
  public static final String RULES_VALID = "RulesValid";

  /** Bounds what a server's words add to a status. */
  private static final int LONGEST_WORDS = 500;

  private UserStatuses() {}

  /** What keeps a user from being ready. */
  public record Obstacle(UserReason reason, String message) {}

  /**
   * What is known of a user that can be read.
   *
   * @param obstacle what was found before any server was asked
   * @param report of the last pass over its Redis; empty for none yet
   * @param secret the name of the Secret for applications, where there is one
   */
  public record Known(
      Optional<Obstacle> obstacle, Optional<UserReport> report, Optional<String> secret) {}

  /** Of a user that cannot be read: what was applied last stays. */
  public static RedisUserStatus unreadable(RedisUser user, String why, Instant now) {
    RedisUserStatus before = user.getStatus();
    Conditions conditions = new Conditions(user, now);
    conditions.set(
        READY,
        "False",
        UserReason.Unreadable,
        "This operator cannot read this resource: %s. What servers have stays as it is. Correct the field, or run a version of the operator that knows it."
            .formatted(why));
    return new RedisUserStatus(
        user.getMetadata().getGeneration(),
        before == null ? null : before.username(),
        before == null ? null : before.applied(),
        before == null ? null : before.binding(),
        conditions.list);
  }

  public static RedisUserStatus of(RedisUser user, Known known, Instant now) {
    Conditions conditions = new Conditions(user, now);
    Optional<Obstacle> obstacle = known.obstacle().or(() -> obstacle(user, known.report()));
    conditions.set(
        READY,
        obstacle.isEmpty() ? "True" : "False",
        obstacle.map(Obstacle::reason).orElse(UserReason.Applied),
        obstacle
            .map(Obstacle::message)
            .orElseGet(() -> "All servers have the user as it is wanted."));
    rules(conditions, known.report());
    return new RedisUserStatus(
        user.getMetadata().getGeneration(),
        RedisUser.usernameOf(user),
        known.report().map(seen -> seen.applied() + "/" + seen.servers()).orElse(null),
        known.secret().map(BindingStatus::new).orElse(null),
        conditions.list);
  }

  private static void rules(Conditions conditions, Optional<UserReport> report) {
    switch (report.map(UserReport::rules).orElse(UserReport.Rules.UNTRIED)) {
      case ACCEPTED ->
          conditions.set(
              RULES_VALID, "True", UserReason.RulesAccepted, "A server has taken the rules.");
      case REFUSED ->
          conditions.set(
              RULES_VALID, "False", UserReason.RulesRefused, refusal(report.orElseThrow()));
      case UNTRIED ->
          conditions.set(
              RULES_VALID,
              "Unknown",
              UserReason.RulesNotTried,
              "No server has been asked yet: rules are tried on a running one.");
    }
  }

  private static String refusal(UserReport report) {
    String words = report.words().endsWith(".") ? report.words() : report.words() + ".";
    return "Refused: %s The rules that servers have stay in force."
        .formatted(
            words.length() <= LONGEST_WORDS ? words : words.substring(0, LONGEST_WORDS - 1) + "…");
  }

  private static Optional<Obstacle> obstacle(RedisUser user, Optional<UserReport> report) {
    if (report.isEmpty()) {
      return Optional.of(
          new Obstacle(
              UserReason.RedisNotReady,
              "No pass over Redis %s has come to this user yet."
                  .formatted(user.getSpec().redisRef().name())));
    }
    UserReport seen = report.get();
    if (seen.rival().isPresent()) {
      return Optional.of(
          new Obstacle(
              UserReason.UsernameTaken,
              "RedisUser %s is older and has the username %s. Choose another one, or delete one of the two."
                  .formatted(seen.rival().get(), RedisUser.usernameOf(user))));
    }
    return switch (seen.rules()) {
      case REFUSED -> Optional.of(new Obstacle(UserReason.RulesRefused, refusal(seen)));
      case UNTRIED ->
          Optional.of(
              new Obstacle(
                  UserReason.RedisNotReady,
                  "No server of Redis %s has answered yet: rules are tried on a running one."
                      .formatted(user.getSpec().redisRef().name())));
      case ACCEPTED -> applied(user, seen);
    };
  }

  private static Optional<Obstacle> applied(RedisUser user, UserReport seen) {
    if (!seen.served() || seen.servers() == 0 || seen.applied() < seen.servers()) {
      return Optional.of(
          new Obstacle(
              UserReason.Applying,
              "%d of %d servers have the user as it is wanted. One that does not run starts with it."
                  .formatted(seen.applied(), seen.servers())));
    }
    return user.getSpec().suspended()
        ? Optional.of(
            new Obstacle(
                UserReason.Suspended,
                "spec.suspended is true: servers refuse its logins. Set it to false to let it in."))
        : Optional.empty();
  }

  /** The time of the last transition is kept from the status before, unless its status changed. */
  private static final class Conditions {
    private final List<Condition> list = new ArrayList<>();
    private final @Nullable RedisUserStatus before;
    private final @Nullable Long generation;
    private final Instant now;

    private Conditions(RedisUser user, Instant now) {
      before = user.getStatus();
      generation = user.getMetadata().getGeneration();
      this.now = now.truncatedTo(ChronoUnit.SECONDS);
    }

    private void set(String type, String status, UserReason reason, String message) {
      String since =
          (before == null ? List.<Condition>of() : before.conditions())
              .stream()
                  .filter(old -> type.equals(old.getType()) && status.equals(old.getStatus()))
                  .map(Condition::getLastTransitionTime)
                  .findFirst()
                  .orElseGet(now::toString);
      list.add(
          new ConditionBuilder()
              .withType(type)
              .withStatus(status)
              .withReason(reason.name())
              .withMessage(message)
              .withObservedGeneration(generation)
              .withLastTransitionTime(since)
              .build());
    }
  }
}
