package io.slotkeeper.simulation.sentinel;

import io.slotkeeper.simulation.Chance;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Time, and what one Sentinel can reach. */
public interface Network {

  /** In milliseconds. */
  long now();

  void after(long millis, Runnable action);

  Chance chance();

  void trace(Supplier<String> message);

  /** The server at this address; null where it does not answer. */
  @Nullable WatchedServer server(String ip);

  /** The Sentinel at this address; null where it does not answer. */
  @Nullable ModelSentinel sentinel(String ip);

  /** The Sentinels that have a connection to the server at this address. */
  List<ModelSentinel> listening(String ip);

  /** It has promoted this server, has seen that, and tells clients and other Sentinels. */
  void elected(String ip);

  /** It tells its clients: {@code +switch-master}. */
  void switched();
}
