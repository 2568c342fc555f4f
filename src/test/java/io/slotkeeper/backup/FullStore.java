package io.slotkeeper.backup;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** Has room for so many bytes of an object. */
final class FullStore implements ObjectStore {
  private final ObjectStore store;
  private final long room;

  FullStore(ObjectStore store, long room) {
    this.store = store;
    this.room = room;
  }

  @Override
  public void put(String name, Content content) throws IOException {
    store.put(name, out -> content.writeTo(new Bounded(out, room)));
  }

  private static final class Bounded extends FilterOutputStream {
    private long left;

    private Bounded(OutputStream out, long room) {
      super(out);
      left = room;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      left -= length;
      if (left < 0) {
        throw new IOException("No space left on device");
      }
      out.write(bytes, from, length);
    }
  }

  @Override
  public boolean putIfAbsent(String name, byte[] content) throws IOException {
    return store.putIfAbsent(name, content);
  }

  @Override
  public InputStream get(String name) throws IOException {
    return store.get(name);
  }

  @Override
  public List<Stored> list(String prefix) throws IOException {
    return store.list(prefix);
  }

  @Override
  public void delete(String name) throws IOException {
    store.delete(name);
  }
}
