package io.slotkeeper.livesettings;

import io.slotkeeper.redis.Persistence;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The next step of one server towards the wanted persistence. Until the new way holds all data on
 * disk, the old way stays on:
 *
 * <ul>
 *   <li>AOF goes off only after a snapshot that was asked for and has succeeded. The ready script
 *       then has another one written, and only then puts the AOF files away; until then the server
 *       starts from them.
 *   <li>AOF goes on and has been written once before {@code save} changes.
 *   <li>AOF goes off last where {@code save} goes on, and first where it goes off.
 * </ul>
 */
sealed interface PersistenceStep {

  /** How long a server that could not write a snapshot is left alone. */
  Duration REST = Duration.ofSeconds(10);

  /** The server is as it should be. */
  record Done() implements PersistenceStep {}

  /** Something is under way in the server. */
  record Await(String what) implements PersistenceStep {}

  /** To write a snapshot. */
  record Snapshot() implements PersistenceStep {}

  /** To change one setting. */
  record Change(String setting, String value) implements PersistenceStep {}

  /** The server cannot do what the next step needs; it is tried again later. */
  record Blocked(String why) implements PersistenceStep {}

  /**
   * What is asked for.
   *
   * @param save as the server has it: no quotes, single spaces; empty for no snapshots
   */
  record Wanted(boolean aof, String save) {}

  /** The server's state right before it was asked for its present step, and when that was. */
  record Begun(Persistence before, Instant at) {}

  /**
   * @param begun null where this server has not been asked for anything yet, as far as is known:
   *     after a restart of the operator it begins again, with another snapshot at worst
   */
  static PersistenceStep next(
      Persistence now, Wanted wanted, @Nullable Begun begun, Instant instant) {
    Begun asked = begun != null && begun.before().runId().equals(now.runId()) ? begun : null;
    if (wanted.aof() && !now.aof()) {
      return now.saving()
          ? new Await("a snapshot is being written")
          : new Change("appendonly", "yes");
    }
    boolean saveDiffers = !wanted.save().equals(now.save());
    if (wanted.aof() && now.rewriting() && (asked != null || saveDiffers)) {
      return now.rewriteFailed()
          ? new Blocked("the AOF cannot be written (aof_last_bgrewrite_status:err)")
          : new Await("the AOF is being written");
    }
    if (wanted.aof() == now.aof() || (saveDiffers && !wanted.save().isEmpty())) {
      return saveDiffers ? new Change("save", wanted.save()) : new Done();
    }
    return asked == null ? beforeSnapshot(now) : afterSnapshot(now, asked, instant);
  }

  private static PersistenceStep beforeSnapshot(Persistence now) {
    return now.saving() || now.rewriting()
        ? new Await("another file is being written")
        : new Snapshot();
  }

  private static PersistenceStep afterSnapshot(Persistence now, Begun begun, Instant instant) {
    if (now.saving()) {
      return new Await("a snapshot is being written before AOF goes off");
    }
    if (now.saveFailed() && instant.isBefore(begun.at().plus(REST))) {
      return new Blocked(
          "AOF stays on, for no snapshot can be written (rdb_last_bgsave_status:err)");
    }
    // A snapshot that ended in the same second as the one before it, or was cancelled, is no proof.
    return !now.saveFailed() && now.lastSave() > begun.before().lastSave()
        ? new Change("appendonly", "no")
        : beforeSnapshot(now);
  }
}
