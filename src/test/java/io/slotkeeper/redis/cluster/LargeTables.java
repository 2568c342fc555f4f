package io.slotkeeper.redis.cluster;

import java.util.ArrayList;
import java.util.List;

/** Reads the tables of all servers of a large cluster and keeps them, in a heap of its own. */
public final class LargeTables {

  private LargeTables() {}

  public static void main(String[] arguments) {
    int servers = Integer.parseInt(arguments[0]);
    Interner<ClusterNode> lines = new Interner<>();
    List<ClusterTable> tables = new ArrayList<>();
    for (int server = 0; server < servers; server++) {
      tables.add(ClusterNodesParser.parse(reply(server, servers), lines));
    }
    System.out.println(tables.stream().mapToInt(table -> table.nodes().size()).sum());
  }

  /** Every second server is a replica; slots are as scattered as after many moves. */
  private static String reply(int asked, int servers) {
    StringBuilder reply = new StringBuilder();
    for (int server = 0; server < servers; server++) {
      boolean replica = server % 2 == 1;
      reply.append(
          "%040x 10.1.%d.%d:6379@16379,, %s%s %s %d %d %d connected"
              .formatted(
                  server,
                  server / 256,
                  server % 256,
                  server == asked ? "myself," : "",
                  replica ? "slave" : "master",
                  replica ? "%040x".formatted(server - 1) : "-",
                  asked,
                  asked,
                  server / 2 + 1));
      for (int slot = server / 2; !replica && slot < SlotSet.COUNT; slot += servers) {
        reply.append(' ').append(slot);
      }
      reply.append('\n');
    }
    return reply.toString();
  }
}
