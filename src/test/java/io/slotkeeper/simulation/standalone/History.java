package io.slotkeeper.simulation.standalone;

import org.jspecify.annotations.Nullable;

/** How far the data of a server is in which history, and what it can send again. */
abstract class History {
  static final int NEVER = -1;

  private static final int WRITE_BYTES = 100;

  private final StandaloneWorld world;
  String id;
  @Nullable String formerId;

  /** The first offset that is not of the former id any more. */
  long formerEnd = NEVER;

  long offset;

  /** What was sent since this offset can be sent again; nothing where there never was a replica. */
  long backlogFrom = NEVER;

  History(StandaloneWorld world) {
    this.world = world;
    id = newId();
  }

  final String newId() {
    return world.chance.id().value();
  }

  boolean hasBacklog() {
    return backlogFrom != NEVER;
  }

  void keepBacklog() {
    backlogFrom = hasBacklog() ? backlogFrom : offset + 1;
  }

  /**
   * What a dump says of where it was made (rdbPopulateSaveInfo).
   *
   * @param continues it knows where it is in the history of its primary
   */
  @Nullable String written(boolean continues) {
    return hasBacklog() || continues ? id : null;
  }

  /** A history of another name begins where this one is. */
  void shift(String next) {
    formerId = id;
    formerEnd = offset + 1;
    id = next;
  }

  void count() {
    if (hasBacklog()) {
      offset += WRITE_BYTES;
    } else if (world.setting.countsAlone()) {
      offset++;
    }
  }

  /** Before the first replica there is no history worth to be continued. */
  void openBacklog(boolean primary) {
    if (backlogFrom == NEVER) {
      if (primary) {
        id = newId();
        formerId = null;
        formerEnd = NEVER;
      }
      backlogFrom = offset + 1;
    }
  }

  boolean canContinue(String replicaId, long replicaOffset) {
    long next = replicaOffset + 1;
    boolean known = replicaId.equals(id) || (replicaId.equals(formerId) && next <= formerEnd);
    long first = Math.max(backlogFrom, offset + 1 - world.setting.backlog());
    return known && backlogFrom != NEVER && next >= first && next <= offset + 1;
  }
}
