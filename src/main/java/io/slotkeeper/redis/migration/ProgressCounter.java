package io.slotkeeper.redis.migration;

import io.slotkeeper.redis.migration.MigrationProgress.State;
import java.time.Duration;

/** What a step has done so far. */
final class ProgressCounter {
  private int slots;
  private long keys;
  private Duration longestPause = Duration.ZERO;
  private int left;

  ProgressCounter(int left) {
    this.left = left;
  }

  void left(int slots) {
    left = slots;
  }

  void slots(int count) {
    slots += count;
    left -= count;
  }

  void keys(long count) {
    keys += count;
  }

  void pause(Duration pause) {
    if (pause.compareTo(longestPause) > 0) {
      longestPause = pause;
    }
  }

  void add(MigrationProgress progress) {
    slots(progress.slotsMoved());
    keys(progress.keysMoved());
    pause(progress.longestPause());
  }

  int left() {
    return left;
  }

  MigrationProgress progress(State state, String message) {
    return new MigrationProgress(state, slots, left, keys, longestPause, message);
  }
}
