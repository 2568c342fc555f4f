package io.slotkeeper.redis.sentinel;

import io.slotkeeper.redis.sentinel.SentinelSnapshot.Monitored;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** From the replies of {@code SENTINEL MASTERS}, {@code SENTINELS} and {@code REPLICAS}. */
public final class SentinelParser {
  /** The settings that a reply of {@code SENTINEL MASTERS} shows. */
  private static final List<String> SETTINGS =
      List.of(
          "down-after-milliseconds",
          "failover-timeout",
          "parallel-syncs",
          "master-reboot-down-after-period");

  private static final long ASKED = 1000;
  private static final long REFUSED = 5000;

  private SentinelParser() {}

  /**
   * @param master the name of the primary that matters
   * @param masters all that it monitors
   * @param sentinels those that share the primary that matters; empty where it knows none
   * @param replicas of that primary; empty where it knows none
   * @throws IllegalArgumentException if a field that must be there is not, or is no number
   */
  public static SentinelSnapshot snapshot(
      String id,
      String master,
      List<Map<String, String>> masters,
      List<Map<String, String>> sentinels,
      List<Map<String, String>> replicas) {
    Set<String> names = masters.stream().map(m -> text(m, "name")).collect(Collectors.toSet());
    names.remove(master);
    Optional<Monitored> monitored =
        masters.stream()
            .filter(m -> text(m, "name").equals(master))
            .findFirst()
            .map(m -> monitored(m, sentinels, replicas));
    return new SentinelSnapshot(id, monitored, names);
  }

  private static Monitored monitored(
      Map<String, String> master,
      List<Map<String, String>> sentinels,
      List<Map<String, String>> replicas) {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String name : SETTINGS) {
      Optional.ofNullable(master.get(name)).ifPresent(value -> settings.put(name, value));
    }
    return new Monitored(
        text(master, "ip"),
        (int) number(master, "port"),
        master.getOrDefault("runid", ""),
        number(master, "config-epoch"),
        sentinels.stream()
            .filter(peer -> peer.containsKey("voted-leader-epoch"))
            .mapToLong(peer -> number(peer, "voted-leader-epoch"))
            .max()
            .orElse(0),
        (int) number(master, "quorum"),
        List.of(text(master, "flags").split(",")).contains("failover_in_progress"),
        isRefused(master),
        settings,
        sentinels.stream()
            .map(peer ->
                new Hello.Peer(text(peer, "runid"), text(peer, "ip"), (int) number(peer, "port")))
            .toList(),
        replicas.stream()
            .map(replica -> text(replica, "ip") + ":" + text(replica, "port"))
            .toList());
  }

  /**
   * It gets answers, and for seconds none that it accepts ({@code sentinel.c:
   * sentinelPingReplyCallback}). Both fields count milliseconds; it asks once a second.
   */
  private static boolean isRefused(Map<String, String> master) {
    return milliseconds(master, "last-ping-reply") < ASKED
        && milliseconds(master, "last-ok-ping-reply") > REFUSED;
  }

  private static long milliseconds(Map<String, String> master, String field) {
    return master.containsKey(field) ? number(master, field) : 0;
  }

  private static String text(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no " + name + " in the reply of a Sentinel");
    }
    return value;
  }

  private static long number(Map<String, String> fields, String name) {
    return Long.parseLong(text(fields, name));
  }
}
