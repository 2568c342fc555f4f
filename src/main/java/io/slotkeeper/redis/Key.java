package io.slotkeeper.redis;

import java.util.Arrays;

/** The name of a key: bytes, of no encoding. Prints without them, as they may tell of the users. */
public final class Key {
  private final byte[] bytes;

  /** The array is not copied: who makes a key gives it away. */
  public Key(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Key key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "key of " + bytes.length + " bytes";
  }
}
