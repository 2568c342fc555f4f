package io.slotkeeper.resources;

/** Where a server listens. The same in every pod of every Redis, forever. */
public final class Ports {
  public static final int CLIENT = 6379;

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

  /** The names of the ports in containers and Services. */
  public static final String SENTINEL_NAME = "sentinel";

  static final String CLIENT_NAME = "redis";
  static final String BUS_NAME = "bus";

  private Ports() {}
}
