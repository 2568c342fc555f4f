package io.slotkeeper.simulation.sentinel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code INFO} of a server says, as far as a Sentinel reads it.
 *
 * @param masterHost the one that it follows; null for a primary
 * @param linkUp it is in sync with the one that it follows
 * @param linkDownMillis since when it is not; negative where it never was
 * @param replicas the addresses of those that follow it
 */
public record ServerInfo(
    String runId,
    @Nullable String masterHost,
    boolean linkUp,
    long linkDownMillis,
    long offset,
    List<String> replicas) {

  public ServerInfo {
    replicas = List.copyOf(replicas);
  }

  public boolean isMaster() {
    return masterHost == null;
  }
}
