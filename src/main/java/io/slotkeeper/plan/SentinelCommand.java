package io.slotkeeper.plan;

import java.util.List;
import java.util.Map;

/** What one Sentinel is sent. Each is idempotent. */
public sealed interface SentinelCommand {

  /** The name of the primary that it is about. */
  String master();

  /**
   * It learns which server is primary, and switches its clients to it.
   *
   * @param term greater than the epoch of what it knows
   * @param peers the other Sentinels
   */
  record Announce(String master, ServerRef primary, long term, List<SentinelRef> peers)
      implements SentinelCommand {
    public Announce {
      peers = List.copyOf(peers);
    }
  }

  /**
   * It monitors a primary that it did not know, or forgets replicas and Sentinels that are gone: it
   * learns those that exist from the primary.
   *
   * @param term the epoch that it starts with
   * @param again it monitors that primary already
   */
  record Monitor(
      String master,
      ServerRef primary,
      long term,
      int quorum,
      Map<String, String> settings,
      List<SentinelRef> peers,
      boolean again)
      implements SentinelCommand {
    public Monitor {
      settings = Map.copyOf(settings);
      peers = List.copyOf(peers);
    }
  }

  /** It gets other settings; {@code quorum} is one of them. */
  record Configure(String master, Map<String, String> settings) implements SentinelCommand {
    public Configure {
      settings = Map.copyOf(settings);
    }
  }

  /** It stops monitoring a primary of a name that is not wanted any more. */
  record Unmonitor(String master) implements SentinelCommand {}
}
