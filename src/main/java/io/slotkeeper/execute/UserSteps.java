package io.slotkeeper.execute;

import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.UserCommands;

/** Changes the users of a server. */
final class UserSteps {

  private UserSteps() {}

  /** Those that are to go first: where the server refuses one of the others, they are gone. */
  static void send(UserCommands server, Action.ChangeUsers change) {
    if (!change.removed().isEmpty()) {
      server.remove(change.removed());
    }
    server.set(change.users());
  }
}
