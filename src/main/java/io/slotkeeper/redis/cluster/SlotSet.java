package io.slotkeeper.redis.cluster;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** An immutable set of hash slots, 0 to 16383; prints as {@code "0-5460 5462"}. */
public final class SlotSet {
  /** The number of hash slots of a cluster (cluster.h: CLUSTER_SLOTS). */
  public static final int COUNT = 16384;

  public static final SlotSet NONE = new SlotSet(new BitSet(0));
  public static final SlotSet ALL = range(0, COUNT - 1);

  private static final Pattern RANGE = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");

  private final BitSet bits;

  private SlotSet(BitSet bits) {
    this.bits = bits;
  }

  /** With no more memory than it needs: a large cluster has many sets, and most are empty. */
  private static SlotSet from(BitSet bits) {
    return bits.isEmpty() ? NONE : new SlotSet(BitSet.valueOf(bits.toLongArray()));
  }

  /** The slots from first to last, both included. */
  public static SlotSet range(int first, int last) {
    if (first < 0 || last >= COUNT || first > last) {
      throw new IllegalArgumentException("no slot range: " + first + "-" + last);
    }
    BitSet bits = new BitSet(COUNT);
    bits.set(first, last + 1);
    return from(bits);
  }

  public static SlotSet of(int... slots) {
    BitSet bits = new BitSet(COUNT);
    for (int slot : slots) {
      if (slot < 0 || slot >= COUNT) {
        throw new IllegalArgumentException("no slot: " + slot);
      }
      bits.set(slot);
    }
    return from(bits);
  }

  /** Reverses {@link #toString}; empty for any other text. */
  public static Optional<SlotSet> parse(String text) {
    SlotSet slots = NONE;
    for (String part : text.isBlank() ? new String[0] : text.strip().split(" ")) {
      Matcher range = RANGE.matcher(part);
      if (!range.matches()) {
        return Optional.empty();
      }
      int first = Integer.parseInt(range.group(1));
      int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
      if (first > last || last >= COUNT) {
        return Optional.empty();
      }
      slots = slots.plus(range(first, last));
    }
    return Optional.of(slots);
  }

  public boolean contains(int slot) {
    return bits.get(slot);
  }

  public int size() {
    return bits.cardinality();
  }

  public boolean isEmpty() {
    return bits.isEmpty();
  }

  public SlotSet plus(SlotSet other) {
    BitSet union = (BitSet) bits.clone();
    union.or(other.bits);
    return from(union);
  }

  public SlotSet minus(SlotSet other) {
    BitSet rest = (BitSet) bits.clone();
    rest.andNot(other.bits);
    return from(rest);
  }

  public SlotSet intersect(SlotSet other) {
    BitSet common = (BitSet) bits.clone();
    common.and(other.bits);
    return from(common);
  }

  public boolean intersects(SlotSet other) {
    return bits.intersects(other.bits);
  }

  public IntStream stream() {
    return bits.stream();
  }

  /** The maximal ranges, ascending. */
  public List<Range> ranges() {
    List<Range> ranges = new ArrayList<>();
    for (int first = bits.nextSetBit(0); first >= 0; ) {
      int end = bits.nextClearBit(first);
      ranges.add(new Range(first, end - 1));
      first = bits.nextSetBit(end);
    }
    return ranges;
  }

  /** Consecutive slots, both ends included. */
  public record Range(int first, int last) {
    @Override
    public String toString() {
      return first == last ? Integer.toString(first) : first + "-" + last;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SlotSet set && bits.equals(set.bits);
  }

  @Override
  public int hashCode() {
    return bits.hashCode();
  }

  @Override
  public String toString() {
    return String.join(" ", ranges().stream().map(Range::toString).toList());
  }
}
