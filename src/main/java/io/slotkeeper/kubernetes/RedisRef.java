package io.slotkeeper.kubernetes;

import io.slotkeeper.redis.Trust;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.resources.Owner;
import io.slotkeeper.resources.Ports;
import org.jspecify.annotations.Nullable;

/**
 * The Redis that actions are for.
 *
 * @param password of its servers, null where authentication is off; never printed
 * @param trust null where connections are not encrypted
 */
public record RedisRef(
    String namespace, String name, String uid, @Nullable String password, @Nullable Trust trust) {

  /** Without encryption. */
  public RedisRef(String namespace, String name, String uid, @Nullable String password) {
    this(namespace, name, uid, password, null);
  }

  /** The server of a pod. */
  public Endpoint server(String podUid, String ip) {
    return new Endpoint(podUid, ip, port(), password, trust);
  }

  /** The Sentinel of a pod. */
  public Endpoint sentinel(String podUid, String ip) {
    return new Endpoint(podUid, ip, Ports.sentinel(trust != null), password, trust);
  }

  /** By which the operator, and servers among themselves, reach a server. */
  public int port() {
    return Ports.client(trust != null);
  }

  public Owner owner() {
    return new Owner(name, uid);
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
