package io.slotkeeper.redis.lettuce;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.CommandOutput;
import io.slotkeeper.redis.Key;
import io.slotkeeper.redis.cluster.SlotCommands.SizedKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A list of keys, some of them followed by their size. Keys are bytes: no string codec returns them
 * unchanged.
 */
final class KeysOutput extends CommandOutput<String, String, List<SizedKey>> {

  KeysOutput() {
    super(StringCodec.UTF8, new ArrayList<>());
  }

  @Override
  public void set(ByteBuffer bytes) {
    byte[] key = new byte[bytes.remaining()];
    bytes.get(key);
    output.add(new SizedKey(new Key(key), 0));
  }

  @Override
  public void set(long bytes) {
    output.set(output.size() - 1, new SizedKey(output.getLast().key(), bytes));
  }
}
