package io.slotkeeper.backup;

/**
 * A server of the Redis that is backed up.
 *
 * @param pod its name in messages and in the manifest
 * @param host a name or address that can be reached from here
 */
public record Server(String pod, String host, int port) {
  @Override
  public String toString() {
    return pod + " (" + host + ":" + port + ")";
  }
}
