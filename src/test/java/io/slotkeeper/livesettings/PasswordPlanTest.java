package io.slotkeeper.livesettings;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.PasswordStep;
import io.slotkeeper.plan.SentinelRef;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.AcceptedPasswords;
import io.slotkeeper.redis.Logins;
import io.slotkeeper.redis.cluster.NodeId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What servers and Sentinels lack, from what they say. */
class PasswordPlanTest {
  private final List<PasswordPlan.Server> servers = new ArrayList<>();
  private final List<PasswordPlan.Sentinel> sentinels = new ArrayList<>();
  private boolean complete = true;

  private static Logins logins(String used, String... accepted) {
    return new Logins(
        Arrays.stream(accepted).map(AcceptedPasswords::hash).collect(Collectors.toSet()), used);
  }

  private void server(String used, String... accepted) {
    String pod = "r-" + servers.size();
    servers.add(
        new PasswordPlan.Server(
            new ServerRef(pod, "uid of " + pod, "10.0.0.1", new NodeId("a".repeat(40))),
            logins(used, accepted)));
  }

  private void sentinel(String used, String... accepted) {
    String pod = "s-" + sentinels.size();
    sentinels.add(
        new PasswordPlan.Sentinel(
            new SentinelRef(pod, "uid of " + pod, "10.0.0.2", "b".repeat(40)),
            "r",
            logins(used, accepted)));
  }

  private PasswordPlan plan(@Nullable String previous) {
    return new PasswordPlan(new AcceptedPasswords("new", previous), servers, sentinels, complete);
  }

  /** Each step in words, the receivers of an action in it. */
  private List<String> steps(@Nullable String previous) {
    return plan(previous).steps().stream()
        .map(step -> step.stream().map(PasswordPlanTest::words).collect(Collectors.joining(" ")))
        .toList();
  }

  private static String words(Action action) {
    return switch (action) {
      case Action.ChangePassword a -> word(a.step(), a.node().pod());
      case Action.ChangeSentinelPassword a -> word(a.step(), a.sentinel().pod());
      default -> throw new IllegalArgumentException(action.toString());
    };
  }

  private static String word(PasswordStep step, String pod) {
    return step + ":" + pod;
  }

  @Test
  void allAcceptTheNewOneBeforeAnyUsesIt() {
    server("old", "old");
    server("old", "old", "new");
    sentinel("old", "old");

    assertThat(steps("old")).containsExactly("ACCEPT:s-0 ACCEPT:r-0", "USE:s-0 USE:r-0 USE:r-1");
    assertThat(plan("old").isTaken()).isFalse();
  }

  @Test
  void noneUsesItWhileAnotherIsSilent() {
    server("old", "old");
    server("old", "old", "new");
    complete = false;

    assertThat(steps("old")).containsExactly("ACCEPT:r-0");
    assertThat(steps(null)).containsExactly("ACCEPT:r-0");
  }

  @Test
  void theFormerOneIsKeptAsLongAsItIsWanted() {
    server("new", "old", "new");
    server("new", "new");
    sentinel("new", "old", "new");

    assertThat(steps("old")).as("one that had not started then").containsExactly("ACCEPT:r-1");
  }

  @Test
  void itIsTakenWhenAllAcceptAndUseIt() {
    server("new", "old", "new");
    sentinel("new", "old", "new");
    assertThat(plan("old").isTaken()).isTrue();
    assertThat(plan(null).isTaken()).isTrue();

    complete = false;
    assertThat(plan("old").isTaken()).isFalse();
    complete = true;
    assertThat(new PasswordPlan(plan("old").wanted(), List.of(), sentinels, true).isTaken())
        .as("no server has been seen")
        .isFalse();
    sentinel("old", "old", "new");
    assertThat(plan("old").isTaken()).isFalse();
  }

  /** Sentinels do not show what they use with servers: they get it again. */
  @Test
  void beforeServersRefuseTheFormerOneAllUseTheNewOne() {
    server("old", "old", "new");
    server("new", "new");
    sentinel("new", "new");

    assertThat(steps(null)).containsExactly("USE:s-0 USE:r-0", "DROP:r-0");
  }

  @Test
  void otherPasswordsGoWithTheFormerOne() {
    server("new", "new", "added by hand");

    assertThat(steps(null)).containsExactly("DROP:r-0");
    assertThat(steps("old")).containsExactly("ACCEPT:r-0");
  }

  @Test
  void whereAllIsAsWantedNothingIsToBeDone() {
    server("new", "new");
    sentinel("new", "new");

    assertThat(steps(null)).isEmpty();
  }

  @Test
  void passwordsAreNotPrinted() {
    server("old", "old");

    assertThat(plan("old").steps().toString()).doesNotContain("old", "new");
    assertThat(plan("old").toString()).doesNotContain("new");
  }
}
