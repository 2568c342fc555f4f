package io.slotkeeper.kubernetes;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The most recently used entries, up to a number of them; thread-safe. */
final class RecentEntries {

  private RecentEntries() {}

  static <K, V> Map<K, V> map(int most) {
    return Collections.synchronizedMap(
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
          }
        });
  }
}
