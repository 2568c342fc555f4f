package io.slotkeeper.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What happened, line by line; kept only where it is going to be read. */
public final class Trace {
  private final boolean kept;
  private final List<String> lines = new ArrayList<>();

  public Trace(boolean kept) {
    this.kept = kept;
  }

  public boolean isKept() {
    return kept;
  }

  public void add(long now, Supplier<String> line) {
    if (kept) {
      lines.add("%8.3f  %s".formatted(now / 1000.0, line.get()));
    }
  }

  @Override
  public String toString() {
    return String.join("\n", lines);
  }
}
