package io.slotkeeper.redis.lettuce;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.protocol.ProtocolKeyword;

/** The name of a command that Lettuce does not know. */
record CommandName(String text) implements ProtocolKeyword {

  @Override
  public byte[] getBytes() {
    return text.getBytes(US_ASCII);
  }

  @Override
  public String toString() {
    return text;
  }
}
