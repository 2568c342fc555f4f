package io.slotkeeper.livesettings;

import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.PasswordStep;
import io.slotkeeper.plan.SentinelRef;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.AcceptedPasswords;
import io.slotkeeper.redis.Logins;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What servers and Sentinels lack of the passwords that they are to accept. Pure: from what they
 * say to steps of actions, each for when the one before it is done.
 *
 * <p>None uses the new password before all accept it, and none refuses the former one before all
 * use the new one. So at each moment each accepts what any other uses.
 *
 * @param complete all servers and Sentinels that run have been seen
 */
record PasswordPlan(
    AcceptedPasswords wanted, List<Server> servers, List<Sentinel> sentinels, boolean complete) {

  /** A server, and what it says. */
  record Server(ServerRef ref, Logins logins) {}

  /**
   * A Sentinel, and what it says.
   *
   * @param master the name of the primary that it monitors; empty where it monitors none
   */
  record Sentinel(SentinelRef ref, String master, Logins logins) {}

  PasswordPlan {
    servers = List.copyOf(servers);
    sentinels = List.copyOf(sentinels);
  }

  /** Empty steps are left out. */
  List<List<Action>> steps() {
    List<List<Action>> steps = new ArrayList<>();
    steps.add(step(PasswordStep.ACCEPT, this::lacksOne));
    if (complete) {
      boolean drops = wanted.previous() == null && any(logins -> !logins.acceptsOnly(wanted));
      // What a Sentinel uses with servers cannot be seen: before these refuse the former one, each
      // is given the new one again. SENTINEL MONITOR may have come with the former one.
      steps.add(step(PasswordStep.USE, this::usesAnother, _ -> drops));
      if (drops) {
        steps.add(step(PasswordStep.DROP, logins -> !logins.acceptsOnly(wanted)));
      }
    }
    return steps.stream().filter(step -> !step.isEmpty()).toList();
  }

  /** There are servers, and all that run accept the new password, and use it. */
  boolean isTaken() {
    return complete
        && !servers.isEmpty()
        && !any(logins -> lacksOne(logins) || usesAnother(logins));
  }

  /** This one is as wanted. */
  static boolean isSettled(AcceptedPasswords wanted, Logins logins) {
    return logins.used().equals(wanted.current())
        && (wanted.previous() == null
            ? logins.acceptsOnly(wanted)
            : logins.accepted().containsAll(wanted.hashes()));
  }

  private boolean lacksOne(Logins logins) {
    return !logins.accepted().containsAll(wanted.hashes());
  }

  private boolean usesAnother(Logins logins) {
    return !logins.used().equals(wanted.current());
  }

  private boolean any(Predicate<Logins> test) {
    return servers.stream().anyMatch(server -> test.test(server.logins()))
        || sentinels.stream().anyMatch(sentinel -> test.test(sentinel.logins()));
  }

  private List<Action> step(PasswordStep step, Predicate<Logins> lacks) {
    return step(step, lacks, lacks);
  }

  private List<Action> step(
      PasswordStep step, Predicate<Logins> lacks, Predicate<Logins> sentinelLacks) {
    List<Action> actions = new ArrayList<>();
    for (Sentinel sentinel : sentinels) {
      if (lacks.test(sentinel.logins()) || sentinelLacks.test(sentinel.logins())) {
        actions.add(
            new Action.ChangeSentinelPassword(sentinel.ref(), sentinel.master(), step, wanted));
      }
    }
    for (Server server : servers) {
      if (lacks.test(server.logins())) {
        actions.add(new Action.ChangePassword(server.ref(), step, wanted));
      }
    }
    return actions;
  }
}
