package io.slotkeeper.crd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.CustomResource;
import io.slotkeeper.api.BackupSpec;
import io.slotkeeper.api.BackupStatus;
import io.slotkeeper.api.BackupStoreSpec;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisBackup;
import io.slotkeeper.api.RedisBackupStore;
import io.slotkeeper.api.RedisSpec;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.api.RedisUser;
import io.slotkeeper.api.RedisUserSpec;
import io.slotkeeper.api.RedisUserStatus;
import io.slotkeeper.api.RedisVersion;
import io.slotkeeper.api.RedisVersionSpec;
import java.util.List;

/** One custom resource; {@code parts} are its fields beside the metadata. */
record Kind(Class<? extends CustomResource<?, ?>> type, String description, List<Part> parts) {

  record Part(String field, String description, Class<?> type) {}

  static final List<Kind> ALL =
      List.of(
          new Kind(
              Redis.class,
              "A Redis or Valkey that Slotkeeper runs.",
              List.of(
                  new Part("spec", "What the user wants.", RedisSpec.class),
                  new Part("status", "What the operator last saw.", RedisStatus.class))),
          new Kind(
              RedisUser.class,
              "A user that the servers of a Redis know.",
              List.of(
                  new Part("spec", "What the user may do.", RedisUserSpec.class),
                  new Part("status", "What the operator last saw.", RedisUserStatus.class))),
          new Kind(
              RedisVersion.class,
              "A server version that a Redis can name.",
              List.of(new Part("spec", "What the version runs.", RedisVersionSpec.class))),
          new Kind(
              RedisBackup.class,
              "One backup of a Redis, which outlives it.",
              List.of(
                  new Part("spec", "What is backed up, and where to.", BackupSpec.class),
                  new Part("status", "What came of it.", BackupStatus.class))),
          new Kind(
              RedisBackupStore.class,
              "A place for backups.",
              List.of(new Part("spec", "Where backups are kept.", BackupStoreSpec.class))));

  static ObjectNode version(ObjectNode definition) {
    return (ObjectNode) definition.at("/spec/versions/0");
  }

  static ObjectNode schema(ObjectNode definition) {
    return (ObjectNode) version(definition).at("/schema/openAPIV3Schema");
  }
}
