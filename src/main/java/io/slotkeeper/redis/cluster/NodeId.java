package io.slotkeeper.redis.cluster;

import org.jspecify.annotations.Nullable;

/**
 * The name a server gives itself when it first starts in cluster mode and keeps in its nodes.conf:
 * 40 lower-case hexadecimal digits ({@code CLUSTER MYID}). A server without cluster support has
 * none: it goes by its run id, which looks the same and lasts as long as the process.
 */
public record NodeId(String value) implements Comparable<NodeId> {
  private static final int LENGTH = 40;

  public NodeId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a node id: '" + value + "'");
    }
  }

  public static boolean isValid(@Nullable String value) {
    if (value == null || value.length() != LENGTH) {
      return false;
    }
    // Without a regular expression: every pass makes dozens of ids.
    for (int i = 0; i < LENGTH; i++) {
      char digit = value.charAt(i);
      if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int compareTo(NodeId other) {
    return value.compareTo(other.value);
  }

  /** The first eight digits: enough for people. */
  public String brief() {
    return value.substring(0, 8);
  }

  @Override
  public String toString() {
    return value;
  }
}
