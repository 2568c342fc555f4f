package io.slotkeeper.execute;

import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.PasswordStep;
import io.slotkeeper.plan.SentinelRef;
import io.slotkeeper.redis.AcceptedPasswords;
import io.slotkeeper.redis.Logins;
import io.slotkeeper.redis.PasswordCommands;
import io.slotkeeper.redis.sentinel.SentinelNode;
import io.slotkeeper.redis.sentinel.SentinelNodes;
import java.util.Optional;

/**
 * Takes servers and Sentinels on in the change of a password, each after a second look at what it
 * accepts: none that does not let others in with the new password is made to rely on it.
 */
final class PasswordSteps {
  private final SentinelNodes sentinels;
  private final RedisRef ref;
  private final Guard guard;

  PasswordSteps(SentinelNodes sentinels, RedisRef ref, Guard guard) {
    this.sentinels = sentinels;
    this.ref = ref;
    this.guard = guard;
  }

  /** The reason against it, if any. */
  Optional<String> objection(Action.ChangePassword change) {
    return objection(change.step(), change.passwords(), guard.node(change.node()).passwords());
  }

  Optional<String> objection(Action.ChangeSentinelPassword change) {
    // The id follows from the name of the pod and of its Redis.
    if (!node(change.sentinel()).look(change.master()).id().equals(change.sentinel().id())) {
      return Optional.of("another Sentinel has the address of pod " + change.sentinel().pod());
    }
    return objection(change.step(), change.passwords(), commands(change));
  }

  private static Optional<String> objection(
      PasswordStep step, AcceptedPasswords passwords, PasswordCommands node) {
    if (step == PasswordStep.ACCEPT) {
      return Optional.empty(); // takes nothing from anyone
    }
    Logins now = node.logins();
    if (!now.accepts(passwords.current())) {
      return Optional.of("it does not accept the new password");
    }
    return step == PasswordStep.DROP && !now.used().equals(passwords.current())
        ? Optional.of("it logs in to others with another password")
        : Optional.empty();
  }

  void send(Action.ChangePassword change) {
    send(change.step(), change.passwords(), guard.node(change.node()).passwords());
  }

  void send(Action.ChangeSentinelPassword change) {
    send(change.step(), change.passwords(), commands(change));
  }

  private static void send(PasswordStep step, AcceptedPasswords passwords, PasswordCommands node) {
    switch (step) {
      case ACCEPT -> node.accept(passwords.hashes());
      case USE -> node.use(passwords.current());
      case DROP -> node.acceptOnly(passwords.current());
    }
  }

  private PasswordCommands commands(Action.ChangeSentinelPassword change) {
    return node(change.sentinel()).passwords(change.master());
  }

  private SentinelNode node(SentinelRef sentinel) {
    return sentinels.at(ref.sentinel(sentinel.podUid(), sentinel.ip()));
  }
}
