package io.slotkeeper.redis;

import java.util.Optional;

/**
 * The certificates that servers present to clients, of any authority. Only the handshake is sent.
 */
@FunctionalInterface
public interface Handshakes {

  /**
   * SHA-256 of the certificate of a server, in lower-case hexadecimal digits; empty where it
   * presents none in time.
   *
   * @param ip an address literal
   */
  Optional<String> presented(String ip, int port);
}
