package io.slotkeeper.simulation.standalone;

/**
 * A write, and with it all that were executed before it: the last one is a whole data set. Two data
 * sets with the same last write are equal, and one that contains the last write of another contains
 * all of it.
 */
final class Write {
  /** How many keys there are: each write makes a new one. */
  final int keys;

  private final Write before;

  /** An earlier one, so far back that few steps lead to any (a skew-binary jump pointer). */
  private final Write jump;

  /** Tells a history apart from others that began as it did. */
  private final String branch;

  private int continued;

  private Write() {
    keys = 0;
    before = this;
    jump = this;
    branch = "";
  }

  private Write(Write before) {
    keys = before.keys + 1;
    this.before = before;
    Write far = before.jump;
    jump = before.keys - far.keys == far.keys - far.jump.keys ? far.jump : before;
    int others = before.continued++;
    branch = others == 0 ? before.branch : before.branch + "~" + before.keys + "." + others;
  }

  /** No data at all. */
  static Write nothing() {
    return new Write();
  }

  Write next() {
    return new Write(this);
  }

  boolean contains(Write other) {
    return other.keys <= keys && at(other.keys) == other;
  }

  private Write at(int number) {
    Write write = this;
    while (write.keys > number) {
      write = write.jump.keys >= number ? write.jump : write.before;
    }
    return write;
  }

  /** The last write that both have. */
  Write common(Write other) {
    int low = 0; // both have it
    int high = Math.min(keys, other.keys);
    while (low < high) {
      int middle = (low + high + 1) / 2;
      if (at(middle) == other.at(middle)) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return at(low);
  }

  @Override
  public String toString() {
    return keys + branch;
  }
}
