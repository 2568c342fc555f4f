package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.slotkeeper.api.Redis;

/** The metadata of what goes with its Redis when that is deleted. */
final class Metadata {

  private Metadata() {}

  static ObjectMeta of(Blueprint redis, String name) {
    return new ObjectMetaBuilder()
        .withNamespace(redis.namespace())
        .withName(name)
        .withLabels(Labels.of(redis.name()))
        .withOwnerReferences(owner(redis))
        .build();
  }

  /** Of an object of one shard. */
  static ObjectMeta of(Blueprint redis, String name, int shard) {
    return new ObjectMetaBuilder(of(redis, name))
        .withLabels(Labels.of(redis.name(), shard))
        .build();
  }

  static OwnerReference owner(Blueprint redis) {
    return new OwnerReferenceBuilder()
        .withApiVersion(HasMetadata.getApiVersion(Redis.class))
        .withKind(HasMetadata.getKind(Redis.class))
        .withName(redis.name())
        .withUid(redis.uid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
  }
}
