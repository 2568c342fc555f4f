package io.slotkeeper.redis;

import java.util.Arrays;

/** The name of a key: bytes, in no encoding. Not printed, as they may reveal data of users. */
public final class Key {
  private final byte[] bytes;

  /** Takes ownership of the array: it is not copied. */
  public Key(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Not to be modified. */
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
