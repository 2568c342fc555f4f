package io.slotkeeper.api;

/** Whether connections are encrypted. */
public enum TlsMode {
  /** No connection is. */
  Disabled,
  /** Those of clients as they like; those among servers are. */
  Allowed,
  /** All are. */
  Required;

  /** There is a port for encrypted connections, and servers use it among themselves. */
  public boolean encrypts() {
    return this != Disabled;
  }

  /** There is a port for connections that are not encrypted. */
  public boolean hasPlainPort() {
    return this != Required;
  }
}
