package io.slotkeeper.redis.cluster;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Keeps one of all equal values, for as long as it is used anywhere: the tables of a cluster's
 * servers have equal entries for each of its nodes.
 */
public final class Interner<T> {
  private final Map<T, WeakReference<T>> known = new WeakHashMap<>();

  /** The known value that is equal to this, or else this. */
  synchronized T intern(T value) {
    WeakReference<T> reference = known.get(value);
    T same = reference == null ? null : reference.get();
    if (same != null) {
      return same;
    }
    known.put(value, new WeakReference<>(value));
    return value;
  }
}
