package io.slotkeeper.simulation.sentinel;

import org.jspecify.annotations.Nullable;

/** Another Sentinel, as one knows it. */
final class Peer {
  final String id;
  final String ip;

  /** 0 once another Sentinel has been seen at its address. */
  int port;

  /** It has said that it finds the primary down, too. */
  boolean findsDown;

  long repliedAt;

  /** The candidate of its vote, and the epoch. */
  @Nullable String leader;

  long leaderEpoch;

  Peer(String id, String ip, int port) {
    this.id = id;
    this.ip = ip;
    this.port = port;
  }
}
