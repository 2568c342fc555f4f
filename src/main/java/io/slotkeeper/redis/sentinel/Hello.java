package io.slotkeeper.redis.sentinel;

/**
 * What Sentinels say to each other every two seconds on the channel {@value #CHANNEL}: who they
 * are, and which primary they know since which epoch. A Sentinel that knows an older epoch switches
 * to that primary at once, and says so to its clients ({@code +switch-master}): this is how the
 * result of their own elections spreads. It takes a hello from the channel of a server, and as a
 * {@code PUBLISH} to itself (sentinel.c, {@code sentinelProcessHelloMessage}; measured with Redis
 * 7.0 to 8.6 and Valkey 8.1 to 9.1).
 *
 * @param from the Sentinel that says it; not the one that hears it, which would take it for another
 * @param epoch of the configuration, and the greatest that the speaker knows
 */
public record Hello(Peer from, String master, String ip, int port, long epoch) {

  public static final String CHANNEL = "__sentinel__:hello";

  /**
   * A Sentinel as others know it.
   *
   * @param id 40 hexadecimal digits
   */
  public record Peer(String id, String ip, int port) {}

  /** As it is published. */
  public String message() {
    return String.join(
        ",",
        from.ip(),
        Integer.toString(from.port()),
        from.id(),
        Long.toString(epoch),
        master,
        ip,
        Integer.toString(port),
        Long.toString(epoch));
  }
}
