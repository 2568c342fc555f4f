package io.slotkeeper.redis;

import java.util.Set;

/**
 * What a server or a Sentinel says about its passwords. Never printed.
 *
 * @param accepted the SHA-256 of each password of the user {@code default}
 * @param used what it logs in to others with; empty for none
 */
public record Logins(Set<String> accepted, String used) {
  public Logins {
    accepted = Set.copyOf(accepted);
  }

  /** It lets clients in with this password. */
  public boolean accepts(String password) {
    return accepted.contains(AcceptedPasswords.hash(password));
  }

  /** It lets clients in with these passwords and no other. */
  public boolean acceptsOnly(AcceptedPasswords passwords) {
    return accepted.equals(passwords.hashes());
  }

  @Override
  public String toString() {
    return "logins";
  }
}
