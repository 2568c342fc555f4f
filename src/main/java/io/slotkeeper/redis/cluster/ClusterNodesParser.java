package io.slotkeeper.redis.cluster;

import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code CLUSTER NODES}, whose lines are (clusterGenNodeDescription in cluster_legacy.c):
 *
 * <pre>id ip:port@busport[,hostname[,aux=…]] flags master ping pong epoch link slot…</pre>
 *
 * <p>Lettuce's own parser drops open slots and bus ports, and replaces addresses by host names.
 */
public final class ClusterNodesParser {
  private static final int FIRST_SLOT_FIELD = 8;

  private ClusterNodesParser() {}

  /**
   * @throws IllegalArgumentException naming the malformed line
   */
  static ClusterTable parse(String reply) {
    return parse(reply, new Interner<>());
  }

  /**
   * The same, sharing nodes that are equal in several tables.
   *
   * @throws IllegalArgumentException naming the malformed line
   */
  public static ClusterTable parse(String reply, Interner<ClusterNode> nodes) {
    return new ClusterTable(
        reply
            .lines()
            .filter(line -> !line.isBlank())
            .map(ClusterNodesParser::line)
            .map(nodes::intern)
            .toList());
  }

  private static ClusterNode line(String line) {
    try {
      return node(line.strip().split(" ", -1));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "no line of CLUSTER NODES (" + e.getMessage() + "): '" + line + "'", e);
    }
  }

  private static ClusterNode node(String[] fields) {
    SlotSet slots = SlotSet.NONE;
    Map<Integer, NodeId> migrating = new HashMap<>();
    Map<Integer, NodeId> importing = new HashMap<>();
    for (int i = FIRST_SLOT_FIELD; i < fields.length; i++) {
      String field = fields[i];
      if (!field.startsWith("[")) {
        int dash = field.indexOf('-');
        int first = Integer.parseInt(dash < 0 ? field : field.substring(0, dash));
        int last = Integer.parseInt(field.substring(dash + 1));
        slots = slots.plus(SlotSet.range(first, last));
      } else {
        // [slot->-id]: on its way to that node; [slot-<-id]: on its way from it.
        int arrow = field.indexOf("-", 1);
        boolean leaving = field.startsWith("->-", arrow);
        if (!leaving && !field.startsWith("-<-", arrow)) {
          throw new IllegalArgumentException("slot " + field);
        }
        (leaving ? migrating : importing)
            .put(
                Integer.valueOf(field.substring(1, arrow)),
                new NodeId(field.substring(arrow + 3, field.length() - 1)));
      }
    }
    return new ClusterNode(
        new NodeId(fields[0]),
        address(fields[1]),
        flags(fields[2]),
        fields[3].equals("-") ? null : new NodeId(fields[3]),
        Long.parseLong(fields[6]),
        fields[7].equals("connected"),
        slots,
        migrating,
        importing);
  }

  private static @Nullable NodeAddress address(String field) {
    int comma = field.indexOf(',');
    String socket = comma < 0 ? field : field.substring(0, comma);
    int at = socket.lastIndexOf('@');
    int colon = socket.lastIndexOf(':', at);
    int port = Integer.parseInt(socket.substring(colon + 1, at));
    int busPort = Integer.parseInt(socket.substring(at + 1));
    String ip = socket.substring(0, colon);
    return ip.isEmpty() || port == 0 ? null : new NodeAddress(ip, port, busPort);
  }

  private static Set<Flag> flags(String field) {
    Set<Flag> flags = EnumSet.noneOf(Flag.class);
    for (String name : field.split(",", -1)) {
      switch (name) {
        case "myself" -> flags.add(Flag.MYSELF);
        case "master", "primary" -> flags.add(Flag.MASTER);
        case "slave", "replica" -> flags.add(Flag.REPLICA);
        case "fail?" -> flags.add(Flag.PFAIL);
        case "fail" -> flags.add(Flag.FAIL);
        case "handshake" -> flags.add(Flag.HANDSHAKE);
        case "noaddr" -> flags.add(Flag.NOADDR);
        case "nofailover" -> flags.add(Flag.NOFAILOVER);
        default -> {
          // "noflags", or one of a later version: nothing is decided from it.
        }
      }
    }
    return flags;
  }
}
