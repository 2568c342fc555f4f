package io.slotkeeper.e2e.chaos;

import io.fabric8.kubernetes.api.model.Pod;
import io.slotkeeper.e2e.TestRedis;
import io.slotkeeper.e2e.chaos.RespConnection.ErrorReply;
import io.slotkeeper.resources.PodName;
import io.slotkeeper.resources.Ports;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The servers of a Redis, asked directly: what they say, whatever the status says. */
sealed interface Servers permits ClusterServers, PrimaryAndReplicas, ServersAndSentinels {
  Duration TIMEOUT = Duration.ofSeconds(2);

  ClusterNetwork network();

  Addresses addresses();

  String password();

  /** Of the Redis. */
  int masters();

  /** Per master. */
  int replicas();

  /** The addresses that clients connect to. */
  List<String> entries();

  /** Whether a master that does not answer is replaced while it may still run. */
  boolean replaceTheSilent();

  /** Whether a master takes writes that was replaced while it was silent, until it follows. */
  default boolean serveOnceReplaced() {
    return false;
  }

  /** Whether it is master, of a shard or of nothing; false where it does not answer. */
  boolean isMaster(Pod pod);

  /** What keeps them from being as they should; empty where nothing does. */
  List<String> problems();

  /** The same as the tool of Redis sees it, where there is one. */
  List<String> problemsByTool(TestRedis redis);

  /** What all of them say, for people. */
  String describe();

  /** The number of a pod's shard. */
  static int shard(Pod pod) {
    return PodName.parse(pod.getMetadata().getName()).orElseThrow().shard();
  }

  default RespConnection connect(Pod pod) throws IOException, ErrorReply {
    return connect(pod, Ports.CLIENT);
  }

  default RespConnection connect(Pod pod, int port) throws IOException, ErrorReply {
    String ip = pod.getStatus().getPodIP();
    if (ip == null || ip.isEmpty()) {
      throw new IOException("has no address");
    }
    return new RespConnection(network(), ip, port, password(), TIMEOUT);
  }

  /** The answers of all to some commands, for people. */
  @SafeVarargs
  static String describe(Servers servers, List<String>... commands) {
    var text = new StringBuilder();
    for (Pod pod : servers.addresses().pods()) {
      text.append("--- ").append(pod.getMetadata().getName()).append(" says\n");
      try (var server = servers.connect(pod)) {
        for (List<String> command : commands) {
          text.append(server.text(command.toArray(String[]::new)));
        }
      } catch (IOException | ErrorReply e) {
        text.append(e).append('\n');
      }
    }
    return text.toString();
  }
}
