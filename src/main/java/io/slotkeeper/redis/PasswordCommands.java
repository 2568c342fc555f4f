package io.slotkeeper.redis;

import java.util.Set;

/** The commands that change the password of a running server, or of a running Sentinel. */
public interface PasswordCommands {

  /** {@code ACL GETUSER default}, and what it logs in to others with. */
  Logins logins();

  /**
   * {@code ACL SETUSER default}: accepts these beside those that it accepts already.
   *
   * @param hashes as of {@link AcceptedPasswords#hash}
   */
  void accept(Set<String> hashes);

  /**
   * Logs in to others with it from now on. Links of a server stay; a Sentinel makes its own anew.
   */
  void use(String password);

  /** Accepts no other from now on. Clients that have logged in stay. */
  void acceptOnly(String password);
}
