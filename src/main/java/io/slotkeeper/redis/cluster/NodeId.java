package io.slotkeeper.redis.cluster;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name a server gives itself when it first starts in cluster mode and keeps in its nodes.conf:
 * 40 lower-case hexadecimal digits ({@code CLUSTER MYID}). A server without cluster support has
 * none: it goes by its run id, which looks the same and lasts as long as the process.
 */
public record NodeId(String value) implements Comparable<NodeId> {
  private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{40}");

  public NodeId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a node id: '" + value + "'");
    }
  }

  public static boolean isValid(@Nullable String value) {
    return value != null && SHAPE.matcher(value).matches();
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
