package io.slotkeeper.resources;

/** Where a server listens. The same in every pod of every Redis, forever. */
public final class Ports {
  public static final int CLIENT = 6379;

  /** With TLS. */
  public static final int CLIENT_TLS = 6380;

  /**
   * The cluster bus. Fixed in redis.conf too, where the default depends on whether TLS is on.
   *
   * @see <a href="https://redis.io/docs/latest/operate/oss_and_stack/management/scaling/">Redis
   *     Cluster TCP ports</a>
   */
  public static final int BUS = 16379;

  /** Of a Sentinel. */
  public static final int SENTINEL = 26379;

  /** Of the exporter. */
  public static final int EXPORTER = 9121;

  /** Of a Sentinel, with TLS. */
  public static final int SENTINEL_TLS = 26380;

  /** The names of the ports in containers and Services. */
  public static final String SENTINEL_NAME = "sentinel";

  static final String CLIENT_NAME = "redis";
  static final String CLIENT_TLS_NAME = "rediss";
  static final String BUS_NAME = "bus";

  private Ports() {}

  /** A server has both: which one a peer uses says nothing of which server it is. */
  public static boolean isOfServer(int port) {
    return port == CLIENT || port == CLIENT_TLS;
  }

  /** The same of a Sentinel. */
  public static boolean isOfSentinel(int port) {
    return port == SENTINEL || port == SENTINEL_TLS;
  }

  /** The port by which servers and the operator reach a server. */
  public static int client(boolean tls) {
    return tls ? CLIENT_TLS : CLIENT;
  }

  /** The port by which Sentinels, servers and the operator reach a Sentinel. */
  public static int sentinel(boolean tls) {
    return tls ? SENTINEL_TLS : SENTINEL;
  }
}
