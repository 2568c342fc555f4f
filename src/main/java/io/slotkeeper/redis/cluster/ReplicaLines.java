package io.slotkeeper.redis.cluster;

import io.slotkeeper.redis.cluster.NodeSnapshot.Copy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The lines {@code slave0}, {@code slave1} and so on of {@code INFO replication}. Versions add
 * fields at their end.
 */
final class ReplicaLines {

  private ReplicaLines() {}

  /** In the order of the server. One that cannot be read is left out: it counts as no copy. */
  static List<Copy> of(Map<String, String> info) {
    List<Copy> copies = new ArrayList<>();
    for (int i = 0; ; i++) {
      String line = info.get("slave" + i);
      if (line == null) {
        return copies;
      }
      Copy copy = copy(line);
      if (copy != null) {
        copies.add(copy);
      }
    }
  }

  private static @Nullable Copy copy(String line) {
    Map<String, String> fields = new HashMap<>();
    for (String field : line.split(",", -1)) {
      int equals = field.indexOf('=');
      if (equals > 0) {
        fields.put(field.substring(0, equals), field.substring(equals + 1));
      }
    }
    String ip = fields.get("ip");
    if (ip == null) {
      return null;
    }
    try {
      return new Copy(
          ip,
          Integer.parseInt(fields.getOrDefault("port", "")),
          "online".equals(fields.get("state")),
          Long.parseLong(fields.getOrDefault("offset", "")),
          Long.parseLong(fields.getOrDefault("lag", "")));
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
