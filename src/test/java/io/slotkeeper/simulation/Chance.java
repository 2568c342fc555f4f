package io.slotkeeper.simulation;

import io.slotkeeper.redis.cluster.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** All that is left to chance, from one seed. */
public final class Chance {
  private final Random random;

  public Chance(long seed) {
    // Neighbouring seeds of java.util.Random begin alike.
    random = new Random(seed * 0x9E3779B97F4A7C15L ^ 0x5DEECE66DL);
  }

  /** From low to high, both included. */
  public int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  public boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  public <T> T of(List<T> items) {
    return items.get(random.nextInt(items.size()));
  }

  public <T> List<T> shuffled(Collection<T> items) {
    List<T> list = new ArrayList<>(items);
    Collections.shuffle(list, random);
    return list;
  }

  public NodeId id() {
    StringBuilder id = new StringBuilder(40);
    for (int i = 0; i < 5; i++) {
      id.append("%08x".formatted(random.nextInt()));
    }
    return new NodeId(id.toString());
  }
}
