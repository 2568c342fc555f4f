package io.slotkeeper.model;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Copies that cannot be changed, in the order of their keys. The order of {@code Map.copyOf} and
 * {@code Set.copyOf} is another one in each process, so decisions and logs would differ.
 */
public final class Sorted {

  private Sorted() {}

  public static <K extends Comparable<K>, V> Map<K, V> map(Map<K, V> map) {
    return Collections.unmodifiableMap(new TreeMap<>(map));
  }

  public static <T extends Comparable<T>> Set<T> set(Collection<T> elements) {
    return Collections.unmodifiableSet(new TreeSet<>(elements));
  }
}
