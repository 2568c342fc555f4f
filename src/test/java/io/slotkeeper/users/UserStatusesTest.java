package io.slotkeeper.users;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.slotkeeper.api.LocalReference;
import io.slotkeeper.api.RedisUser;
import io.slotkeeper.api.RedisUserSpec;
import io.slotkeeper.api.RedisUserStatus;
import io.slotkeeper.users.UserReport.Rules;
import io.slotkeeper.users.UserStatuses.Known;
import io.slotkeeper.users.UserStatuses.Obstacle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UserStatusesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static RedisUser user(boolean suspended) {
    RedisUser user = new RedisUser();
    user.setMetadata(new ObjectMetaBuilder().withName("app").withGeneration(3L).build());
    user.setSpec(
        new RedisUserSpec(
            new LocalReference("orders"), "billing", List.of("+@read"), null, suspended));
    return user;
  }

  private static UserReport report(Rules rules, int applied, int servers) {
    return new UserReport(
        "3", Optional.empty(), rules, "ERR in modifier '+@raed'.", true, applied, servers);
  }

  private static RedisUserStatus status(RedisUser user, UserReport report) {
    return UserStatuses.of(
        user, new Known(Optional.empty(), Optional.of(report), Optional.of("app-user")), NOW);
  }

  private static Condition condition(RedisUserStatus status, String type) {
    return status.conditions().stream()
        .filter(condition -> condition.getType().equals(type))
        .findFirst()
        .orElseThrow();
  }

  private static String ready(RedisUserStatus status) {
    Condition ready = condition(status, "Ready");
    return ready.getStatus() + " " + ready.getReason();
  }

  @Test
  void isReadyOnceAllServersHaveIt() {
    RedisUserStatus status = status(user(false), report(Rules.ACCEPTED, 6, 6));

    assertThat(ready(status)).isEqualTo("True Applied");
    assertThat(status.applied()).isEqualTo("6/6");
    assertThat(status.username()).isEqualTo("billing");
    assertThat(status.binding()).isNotNull().extracting("name").isEqualTo("app-user");
    assertThat(condition(status, "RulesValid").getStatus()).isEqualTo("True");
    assertThat(condition(status, "Ready").getObservedGeneration()).isEqualTo(3);
  }

  @Test
  void isNotReadyWhileOneHasItNot() {
    assertThat(ready(status(user(false), report(Rules.ACCEPTED, 5, 6))))
        .isEqualTo("False Applying");
    assertThat(ready(status(user(false), report(Rules.ACCEPTED, 0, 0))))
        .isEqualTo("False Applying");
  }

  @Test
  void aRefusedRuleShowsTheWordsOfTheServer() {
    RedisUserStatus status = status(user(false), report(Rules.REFUSED, 6, 6));

    assertThat(ready(status)).isEqualTo("False RulesRefused");
    assertThat(condition(status, "RulesValid").getStatus()).isEqualTo("False");
    assertThat(condition(status, "RulesValid").getMessage()).contains("ERR in modifier '+@raed'");
  }

  @Test
  void aSuspendedOneSaysSo() {
    assertThat(ready(status(user(true), report(Rules.ACCEPTED, 6, 6))))
        .isEqualTo("False Suspended");
  }

  @Test
  void aRivalIsNamed() {
    UserReport report = new UserReport("3", Optional.of("older"), Rules.ACCEPTED, "", false, 0, 6);
    RedisUserStatus status = status(user(false), report);

    assertThat(ready(status)).isEqualTo("False UsernameTaken");
    assertThat(condition(status, "Ready").getMessage()).contains("older").contains("billing");
  }

  @Test
  void anObstacleComesFirst() {
    RedisUserStatus status =
        UserStatuses.of(
            user(false),
            new Known(
                Optional.of(new Obstacle(UserReason.RedisNotFound, "none")),
                Optional.empty(),
                Optional.empty()),
            NOW);

    assertThat(ready(status)).isEqualTo("False RedisNotFound");
    assertThat(condition(status, "RulesValid").getStatus()).isEqualTo("Unknown");
    assertThat(status.applied()).isNull();
  }

  @Test
  void theTimeOfATransitionStays() {
    RedisUser user = user(false);
    RedisUserStatus first = status(user, report(Rules.ACCEPTED, 6, 6));
    user.setStatus(first);

    assertThat(
            UserStatuses.of(
                user,
                new Known(
                    Optional.empty(),
                    Optional.of(report(Rules.ACCEPTED, 6, 6)),
                    Optional.of("app-user")),
                NOW.plusSeconds(60)))
        .isEqualTo(first);
  }

  @Test
  void whatCannotBeReadKeepsWhatItShowed() {
    RedisUser user = user(false);
    user.setStatus(status(user, report(Rules.ACCEPTED, 6, 6)));
    user.setSpec(null);
    RedisUserStatus status = UserStatuses.unreadable(user, "spec.rules: no list", NOW);

    assertThat(ready(status)).isEqualTo("False Unreadable");
    assertThat(status.applied()).isEqualTo("6/6");
    assertThat(condition(status, "Ready").getMessage()).contains("spec.rules: no list");
  }

  @ParameterizedTest
  @EnumSource
  void theDocumentationExplainsEachReason(UserReason reason) throws IOException {
    assertThat(Files.readString(Path.of("docs/users.md"))).contains("`" + reason + "`");
  }
}
