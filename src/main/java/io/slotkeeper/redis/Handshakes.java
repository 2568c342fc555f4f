package io.slotkeeper.redis;

import java.util.Optional;

/** What servers present to clients, whoever has issued it. Nothing is sent but the handshake. */
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
