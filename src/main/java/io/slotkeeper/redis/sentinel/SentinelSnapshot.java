package io.slotkeeper.redis.sentinel;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * What one Sentinel knew when it was asked.
 *
 * @param id 40 hexadecimal digits
 * @param monitored the primary of the name that was asked for; empty where it knows none
 * @param others the names of other primaries that it monitors
 */
public record SentinelSnapshot(String id, Optional<Monitored> monitored, Set<String> others) {

  public SentinelSnapshot {
    others = Set.copyOf(others);
  }

  /**
   * A primary that it monitors.
   *
   * @param runId of the process that it last asked at this address; empty where it has not yet
   * @param epoch of the election, or the hello, that it knows this primary from
   * @param votes the greatest epoch in which a Sentinel that it knows has voted, 0 for none
   * @param electing a failover is under way, by this Sentinel
   * @param refused the server at this address answers, and only with errors: it takes another
   *     password, as a rule
   * @param settings by name, such as {@code down-after-milliseconds}; without passwords
   * @param peers the other Sentinels, those that are gone included
   * @param replicas the addresses {@code ip:port} of the servers that it takes for replicas, those
   *     that are gone included
   */
  public record Monitored(
      String ip,
      int port,
      String runId,
      long epoch,
      long votes,
      int quorum,
      boolean electing,
      boolean refused,
      Map<String, String> settings,
      List<Hello.Peer> peers,
      List<String> replicas) {

    public Monitored {
      settings = Map.copyOf(settings);
      peers = List.copyOf(peers);
      replicas = List.copyOf(replicas);
    }

    /** It knows this primary, at this address. */
    public boolean isAt(String otherIp, IntPredicate ports) {
      return ip.equals(otherIp) && ports.test(port);
    }
  }
}
