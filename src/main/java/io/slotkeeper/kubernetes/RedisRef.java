package io.slotkeeper.kubernetes;

import io.slotkeeper.resources.Owner;
import org.jspecify.annotations.Nullable;

/**
 * The Redis that actions are for.
 *
 * @param password of its servers, null where authentication is off; never printed
 */
public record RedisRef(String namespace, String name, String uid, @Nullable String password) {

  public Owner owner() {
    return new Owner(name, uid);
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
