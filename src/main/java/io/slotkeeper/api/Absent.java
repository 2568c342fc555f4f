package io.slotkeeper.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a record holds where the JSON has nothing. Copies keep the order of the original. */
final class Absent {
  private Absent() {}

  /**
   * @throws IllegalArgumentException without the value: the schema demands it, so the object was
   *     written under another schema, and cannot be read
   */
  static <T> T required(@Nullable T value, String name) {
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }

  /** An empty text is not written ({@link ApiObject}), and so is absent when it is read. */
  static @Nullable String toNull(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  static <T> List<T> toEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  static <V> Map<String, V> toEmpty(@Nullable Map<String, V> map) {
    return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
