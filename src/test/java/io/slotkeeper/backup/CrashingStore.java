package io.slotkeeper.backup;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Ends a process before, within or after one of its calls. */
final class CrashingStore implements ObjectStore {

  /** No exception that code of ours handles. */
  static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private final ObjectStore store;
  private final AtomicInteger left;
  private final AtomicBoolean crashed = new AtomicBoolean();

  /**
   * @param steps that go well
   */
  CrashingStore(ObjectStore store, int steps) {
    this.store = store;
    left = new AtomicInteger(steps);
  }

  boolean crashed() {
    return crashed.get();
  }

  private void step() {
    if (left.getAndDecrement() <= 0) {
      crashed.set(true);
      throw new Crash();
    }
  }

  @Override
  public void put(String name, Content content) throws IOException {
    step();
    store.put(
        name,
        out -> {
          content.writeTo(out);
          step();
        });
    step();
  }

  @Override
  public boolean putIfAbsent(String name, byte[] content) throws IOException {
    step();
    boolean absent = store.putIfAbsent(name, content);
    step();
    return absent;
  }

  @Override
  public InputStream get(String name) throws IOException {
    step();
    return store.get(name);
  }

  @Override
  public List<Stored> list(String prefix) throws IOException {
    step();
    return store.list(prefix);
  }

  @Override
  public void delete(String name) throws IOException {
    step();
    store.delete(name);
  }
}
