package io.slotkeeper.observe;

import io.slotkeeper.model.PodState;
import io.slotkeeper.model.ServerConnections;
import io.slotkeeper.model.ServerLoad;
import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.RedisNodes;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/** Asks every server once, all at the same time. */
public final class Observer {
  private final RedisNodes nodes;
  private final ServerConnections lines;
  private final Fanout fanout;
  private final InstantSource clock;

  public Observer(RedisNodes nodes, ServerConnections lines, Fanout fanout, InstantSource clock) {
    this.nodes = nodes;
    this.lines = lines;
    this.fanout = fanout;
    this.clock = clock;
  }

  /**
   * @param claims the pods, by name, whose volume claim exists
   * @param servers where the server of a pod is, by its uid and address
   */
  public ClusterView observe(
      Collection<PodState> pods,
      Remembered remembered,
      Set<String> claims,
      BiFunction<String, String, Endpoint> servers) {
    Instant began = clock.instant();
    List<Member> members = fanout.map(pods, pod -> new Member(pod, look(pod, servers)));
    Duration took = Duration.between(began, clock.instant());
    return new ClusterView(began, members, remembered, claims)
        .withLoad(new ServerLoad(took, Duration.ZERO));
  }

  private ServerAnswer look(PodState pod, BiFunction<String, String, Endpoint> servers) {
    if (pod.ip() == null) {
      return new ServerAnswer.NoAddress();
    }
    // Asking where no server can answer would cost the whole pass its time.
    switch (lines.of(pod.uid())) {
      case LOST -> {
        return new ServerAnswer.Failed(Kind.REFUSED, "the server is gone", true);
      }
      case SILENT -> {
        return new ServerAnswer.Failed(Kind.TIMEOUT, "the server is silent", false);
      }
      case ASK -> {}
    }
    try {
      RedisNode node = nodes.at(servers.apply(pod.uid(), pod.ip()));
      NodeSnapshot seen = node.look();
      return new ServerAnswer.Answered(
          isFromDisk(seen) ? seen.withSampleSlot(node.sampleSlot()) : seen);
    } catch (RedisUnavailableException e) {
      return new ServerAnswer.Failed(e.kind(), e.detail(), false);
    } catch (RedisErrorException e) {
      // It is alive, and nothing more is known: it is no cluster node, or an unknown version.
      return new ServerAnswer.Failed(Kind.ERROR, String.valueOf(e.getMessage()), false);
    }
  }

  /** Only the keys reveal whose data a replica loaded from disk. */
  private static boolean isFromDisk(NodeSnapshot seen) {
    return seen.isCluster()
        && !seen.replication().master()
        && !seen.replication().wasLinked()
        && seen.keys() > 0;
  }
}
