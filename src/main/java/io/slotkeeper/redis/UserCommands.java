package io.slotkeeper.redis;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The commands about the users of a running server. Each call is one round trip or a few. */
public interface UserCommands {

  /** Rules are tried as this user, which is always off and exists only for that moment. */
  String TRIAL = "slotkeeper-check";

  /** {@code ACL USERS}: the names of all users. */
  Set<String> names();

  /** {@code ACL GETUSER} of each of these users; those that the server does not have are absent. */
  Map<String, AclState> states(Collection<String> names);

  /** What a server makes of rules. */
  sealed interface Trial {
    /**
     * It takes them.
     *
     * @param rights as of {@link AclState#rights}
     */
    record Accepted(String rights) implements Trial {}

    /**
     * It does not.
     *
     * @param words of the server
     */
    record Refused(String words) implements Trial {}
  }

  /** Tries each of these rules, without a user that could use them. */
  Map<List<String>, Trial> tryOut(Collection<List<String>> rules);

  /**
   * {@code ACL SETUSER}: makes each user what it is to be; no other user is touched. The sessions
   * of those that are off are cut.
   *
   * @throws RedisErrorException the first refusal; the others have been made nevertheless
   */
  void set(Collection<AclUser> users);

  /** {@code ACL DELUSER}: removes those that exist, and cuts their sessions. */
  void remove(Collection<String> names);
}
