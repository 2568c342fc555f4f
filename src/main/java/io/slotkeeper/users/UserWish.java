package io.slotkeeper.users;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What one RedisUser asks for.
 *
 * @param name of the RedisUser
 * @param created as the API server writes it
 * @param rules words of the ACL language; empty where {@code objection} says why there are none
 * @param objection against its rules, before any server sees them
 * @param hash of its password; empty where that is not known
 * @param basis tells this state of the RedisUser from any other
 */
public record UserWish(
    String name,
    String uid,
    String created,
    String username,
    List<String> rules,
    Optional<String> objection,
    boolean suspended,
    Optional<String> hash,
    String basis) {

  /** The older wins a username. */
  static final Comparator<UserWish> AGE =
      Comparator.comparing(UserWish::created).thenComparing(UserWish::uid);

  public UserWish {
    rules = List.copyOf(rules);
  }

  @Override
  public String toString() {
    return name;
  }
}
