package io.slotkeeper.redis.sentinel;

import io.slotkeeper.redis.PasswordCommands;
import java.util.Map;

/**
 * One Sentinel, sent commands directly. What it is sent concerns it alone: Sentinels pass on
 * addresses and epochs, and no settings.
 *
 * <p>All methods throw {@code RedisUnavailableException} where it could not be asked, and {@code
 * RedisErrorException} where it answered with an error. After a timeout a command may or may not
 * have been executed.
 */
public interface SentinelNode {

  /**
   * What it knows, in one round trip.
   *
   * @param master the name of the primary that matters
   */
  SentinelSnapshot look(String master);

  /** {@code SENTINEL MONITOR}: refused where it monitors a primary of that name already. */
  void monitor(String master, String ip, int port, int quorum);

  /** {@code SENTINEL REMOVE}: forgets a primary, its replicas, and the Sentinels that share it. */
  void remove(String master);

  /**
   * {@code SENTINEL SET}.
   *
   * @param settings may have {@code auth-pass}, the password of the servers
   */
  void set(String master, Map<String, String> settings);

  /**
   * The commands that change the passwords that it accepts and uses.
   *
   * @param master the name of the primary that it monitors; empty where it monitors none
   */
  PasswordCommands passwords(String master);

  /** Publishes a hello, which it takes as if the other Sentinel had sent it. */
  void hear(Hello hello);
}
