package io.slotkeeper.redis;

import java.util.Arrays;

/** All function libraries of a server, as {@code FUNCTION DUMP} returns them. */
public final class Functions {
  private final byte[] dump;

  public Functions(byte[] dump) {
    this.dump = dump.clone();
  }

  public byte[] dump() {
    return dump;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Functions functions && Arrays.equals(dump, functions.dump);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dump);
  }
}
