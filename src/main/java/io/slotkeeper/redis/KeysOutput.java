package io.slotkeeper.redis;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A list of keys, which are bytes: no codec of strings gives them back unchanged. */
final class KeysOutput extends CommandOutput<String, String, List<Key>> {

  KeysOutput() {
    super(StringCodec.UTF8, new ArrayList<>());
  }

  @Override
  public void set(ByteBuffer bytes) {
    byte[] key = new byte[bytes.remaining()];
    bytes.get(key);
    output.add(new Key(key));
  }
}
