package io.slotkeeper.redis;

/**
 * Connections are encrypted, and a server is believed whose certificate is of one of these
 * authorities. Its name does not count: a pod is known by its address, which no certificate has.
 *
 * @param authorities in PEM
 */
public record Trust(String authorities) {
  @Override
  public String toString() {
    return "authorities";
  }
}
