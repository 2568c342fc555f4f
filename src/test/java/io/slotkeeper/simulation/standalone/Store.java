package io.slotkeeper.simulation.standalone;

import io.slotkeeper.simulation.Disk;
import org.jspecify.annotations.Nullable;

/** What servers keep on a volume, and what they start from (persistence.sh says which file). */
final class Store extends Disk {
  /** How a server keeps its data. */
  enum Kept {
    /** Each write is in the AOF before it is answered, and on the disk within a second. */
    AOF,
    /** Now and then, and when it is stopped. */
    DUMPS,
    /** Only what a full synchronization leaves behind. */
    NOTHING
  }

  /**
   * A dump tells where in which history it was made; an AOF does not.
   *
   * @param replicationId null where its server had never had a replica: there is no history
   */
  record Dump(Write data, @Nullable String replicationId, long offset, long begunAt) {}

  /** The AOF is older than that if the dump was begun so much later (dump_has_all). */
  private static final int MARGIN = 2000;

  final Kept kept;

  /** Its AOF lost its last moments with the power. */
  boolean torn;

  private Write aof;

  /** What of the AOF is on the disk itself. */
  private Write flushed;

  private long writtenAt;
  private @Nullable Dump dump;

  /** The dump that was there when the AOF was last seen to go on (/data/persistence). */
  private @Nullable Dump noted;

  Store(Kept kept, Write nothing) {
    this.kept = kept;
    aof = nothing;
    flushed = nothing;
  }

  /** What a server that starts now begins with; null for the AOF. */
  @Nullable Dump newest() {
    Dump found = dump;
    if (kept != Kept.AOF || found == null) {
      return found;
    }
    return !found.equals(noted) && found.begunAt() > writtenAt + MARGIN ? found : null;
  }

  Write data() {
    Dump newest = newest();
    return newest == null ? aof : newest.data();
  }

  /** A server has started from what is here. */
  void opened(long now) {
    Dump newest = newest();
    if (kept == Kept.AOF && newest != null) {
      rewritten(newest.data(), now);
    }
    noted = dump;
  }

  void append(Write data, long now) {
    aof = data;
    writtenAt = now;
  }

  void rewritten(Write data, long now) {
    torn = false;
    append(data, now);
    flushed = data;
    noted = dump;
  }

  void flush() {
    flushed = aof;
  }

  void dump(Dump made) {
    dump = made;
  }

  /** What was in the page cache only is gone. */
  void powerFailed() {
    torn |= aof != flushed;
    aof = flushed;
  }

  @Override
  public String toString() {
    return kept + " " + data();
  }
}
