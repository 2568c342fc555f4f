package io.slotkeeper.redis.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.testing.EachServerVersion;
import io.slotkeeper.testing.RedisServer;
import io.slotkeeper.testing.RedisServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A server that takes a replica for a master with a greater epoch than the replica's master has.
 * Some believe the replica, some never do; all believe it once its master has the greatest epoch.
 */
@Timeout(60)
@EachServerVersion
class OldNewsTest {
  private static final int GREATER = 9;

  private final RedisServers servers;
  private final LettuceNodes nodes = RedisServers.patientNodes();

  OldNewsTest(String name) {
    servers = new RedisServers(name, null);
  }

  @AfterEach
  void close() {
    nodes.close();
    servers.close();
  }

  @Test
  void areForgottenOnceTheMasterHasTheGreatestEpoch() throws IOException {
    RedisServer master = servers.start();
    RedisServer replica = servers.start();
    RedisServer mistaken = servers.start();
    NodeId id = node(replica).myId();
    node(master).setConfigEpoch(1);
    node(master).addSlots(SlotSet.ALL);
    introduce(master, replica, mistaken);
    node(replica).replicate(node(master).myId());
    await().until(() -> !line(mistaken, id).isMaster());

    mistaken.kill();
    takeForAMaster(table(mistaken), id);
    mistaken.restart();
    introduce(master, replica, mistaken);
    await()
        .until(() -> {
          node(master).bumpEpoch(); // greater than all that it has heard of by now
          return !line(mistaken, id).isMaster();
        });
    assertThat(line(mistaken, id).master()).isEqualTo(node(master).myId());
  }

  private RedisNode node(RedisServer server) {
    return nodes.at(server.endpoint());
  }

  private ClusterNode line(RedisServer server, NodeId id) {
    return node(server).look().table().find(id).orElseThrow();
  }

  private static Path table(RedisServer server) {
    return server.data().resolve("nodes.conf");
  }

  private void introduce(RedisServer... all) {
    for (RedisServer one : all) {
      for (RedisServer other : all) {
        if (one != other) {
          await()
              .ignoreException(RedisUnavailableException.class) // it may still read its data
              .until(() -> {
                node(one).meet(other.address());
                return true;
              });
        }
      }
    }
    await()
        .untilAsserted(() -> {
          for (RedisServer one : all) {
            assertThat(node(one).look().table().nodes())
                .hasSize(all.length)
                .noneMatch(line -> line.is(ClusterNode.Flag.HANDSHAKE) || line.isFailing());
          }
        });
  }

  /**
   * Lines of nodes.conf: id, address, flags, master, times of ping and pong, epoch, link, slots.
   */
  private static void takeForAMaster(Path file, NodeId id) throws IOException {
    String lines =
        Files.readString(file)
            .replaceFirst(
                "(?m)^(%s \\S+) slave \\S+ (\\d+ \\d+) \\d+ ".formatted(id),
                "$1 master - $2 %d ".formatted(GREATER))
            .replaceFirst("currentEpoch \\d+", "currentEpoch " + GREATER);
    assertThat(lines).containsPattern(id + " \\S+ master - \\d+ \\d+ %d ".formatted(GREATER));
    Files.writeString(file, lines);
  }
}
