package io.slotkeeper.redis;

import java.util.List;
import java.util.stream.Stream;

/**
 * A user as a server is to have it. Only hashes of passwords, so that none gets into a server's
 * logs.
 *
 * @param hash of its password, as of {@link AcceptedPasswords#hash}
 * @param on it may log in
 * @param rules words of the ACL language, of which none is about passwords
 */
public record AclUser(String name, String hash, boolean on, List<String> rules) {
  public AclUser {
    rules = List.copyOf(rules);
  }

  /**
   * The words that make a user this one, whatever it was. All that one command says applies at
   * once.
   */
  public List<String> words() {
    return Stream.concat(Stream.of("reset", on ? "on" : "off", "#" + hash), rules.stream())
        .toList();
  }

  @Override
  public String toString() {
    return name;
  }
}
