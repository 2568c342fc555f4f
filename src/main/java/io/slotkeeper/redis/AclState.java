package io.slotkeeper.redis;

import java.util.Set;

/**
 * What a server says of a user ({@code ACL GETUSER}).
 *
 * @param on it may log in
 * @param hashes of the passwords that it accepts
 * @param rights a fingerprint of all else: the same for the same rules in the same process
 */
public record AclState(boolean on, Set<String> hashes, String rights) {
  public AclState {
    hashes = Set.copyOf(hashes);
  }

  /**
   * @param wanted the rights that the rules of the user give on this server
   */
  public boolean is(AclUser user, String wanted) {
    return on == user.on() && hashes.equals(Set.of(user.hash())) && rights.equals(wanted);
  }

  @Override
  public String toString() {
    return (on ? "on " : "off ") + rights;
  }
}
