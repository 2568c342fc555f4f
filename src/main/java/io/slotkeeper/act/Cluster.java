package io.slotkeeper.act;

import org.jspecify.annotations.Nullable;

/**
 * The Redis that actions are for.
 *
 * @param password of its servers, null where authentication is off; never printed
 */
public record Cluster(String namespace, String name, String uid, @Nullable String password) {

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
