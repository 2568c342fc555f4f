package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;

/** The metadata of objects that are deleted with their Redis. */
public final class Metadata {

  private Metadata() {}

  public static ObjectMeta of(ResolvedSpec redis, String name) {
    return new ObjectMetaBuilder()
        .withNamespace(redis.namespace())
        .withName(name)
        .withLabels(Labels.of(redis.name()))
        .withOwnerReferences(redis.owner().reference())
        .build();
  }

  /** Of an object of one shard. */
  public static ObjectMeta of(ResolvedSpec redis, String name, int shard) {
    return new ObjectMetaBuilder(of(redis, name))
        .withLabels(Labels.of(redis.name(), shard))
        .build();
  }
}
