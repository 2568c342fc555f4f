package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisVersion;
import io.slotkeeper.mode.cluster.resources.ClusterResources;
import io.slotkeeper.mode.sentinel.resources.SentinelResources;
import io.slotkeeper.mode.standalone.resources.StandaloneResources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory of src/test/resources/io/slotkeeper/resources: {@code in-Redis.yaml} and what it
 * refers to, {@code out-<Kind>-<name>.yaml} for each object that is made of it.
 */
record Case(Path directory) {
  private static final Path ALL = Path.of("src/test/resources/io/slotkeeper/resources");

  /** The namespace of the operator. */
  private static final String OPERATOR = "slotkeeper-system";

  /** Stands for a generated one. */
  private static final String PASSWORD = "password of the tests: /?#";

  static Stream<Case> all() {
    return list(ALL).filter(Files::isDirectory).map(Case::new);
  }

  static Case named(String name) {
    return new Case(ALL.resolve(name));
  }

  ResolvedSpec blueprint() {
    return ResolvedSpec.of(
        read("in-Redis.yaml", Redis.class),
        read("in-RedisVersion.yaml", RedisVersion.class),
        configMapText());
  }

  private @Nullable String configMapText() {
    return Files.exists(directory.resolve("in-ConfigMap.yaml"))
        ? read("in-ConfigMap.yaml", ConfigMap.class).getData().get("redis.conf")
        : null;
  }

  /** The files that should be there, and their content. */
  Map<String, String> made() {
    ResolvedSpec redis = blueprint();
    List<HasMetadata> objects = new ArrayList<>();
    Optional<Exporter> exporter = exporter(redis);
    objects(redis).stream()
        .map(object -> exporter.map(one -> one.announcedBy(object)).orElse(object))
        .forEach(objects::add);
    exporter.ifPresent(one -> objects.addAll(exporterObjects(one)));
    if (redis.authSecret() != null && redis.authSecret().generated()) {
      objects.add(AuthSecret.of(redis, PASSWORD, authorities(redis)));
    }
    objects.add(
        ServerSecret.of(redis, ServerPasswords.of(redis.authSecret() == null ? "" : PASSWORD, "")));
    objects.add(
        BindingSecret.of(redis, redis.authSecret() == null ? "" : PASSWORD, authorities(redis)));
    Map<String, String> files = new TreeMap<>();
    for (HasMetadata object : objects) {
      files.put(
          "out-%s-%s.yaml".formatted(object.getKind(), object.getMetadata().getName()),
          Serialization.asYaml(object));
    }
    return files;
  }

  private Optional<Exporter> exporter(ResolvedSpec redis) {
    return read("in-Redis.yaml", Redis.class)
        .getSpec()
        .monitor()
        .exported()
        .map(wanted -> new Exporter(redis, wanted, "exporter:default", List.of("monitoring")));
  }

  private static List<HasMetadata> exporterObjects(Exporter exporter) {
    ResolvedSpec redis = exporter.redis();
    Secret passwords =
        ExporterSecret.of(
            exporter,
            List.of(redis.names().pod(0, 0), redis.names().pod(0, 1)),
            redis.authSecret() == null ? "" : PASSWORD);
    List<HasMetadata> objects = new ArrayList<>(exporter.surroundings());
    objects.add(passwords);
    objects.add(
        ExporterDeployment.of(
            exporter,
            new SecretBuilder(passwords)
                .editMetadata()
                .withResourceVersion("4711")
                .endMetadata()
                .build()));
    return objects;
  }

  /** Stand for those of a certificate. */
  private static String authorities(ResolvedSpec redis) {
    return redis.tls().encrypts() ? "authorities of the tests" : "";
  }

  private static List<HasMetadata> objects(ResolvedSpec redis) {
    return switch (redis.mode()) {
      case Cluster -> ClusterResources.of(redis, OPERATOR);
      case Standalone -> StandaloneResources.of(redis, OPERATOR);
      case Sentinel -> SentinelResources.of(redis, OPERATOR);
    };
  }

  /** The files that are there, and their content. */
  Map<String, String> golden() {
    Map<String, String> files = new TreeMap<>();
    list(directory)
        .filter(file -> !file.getFileName().toString().startsWith("in-"))
        .forEach(file -> files.put(file.getFileName().toString(), text(file)));
    return files;
  }

  void rewrite() {
    try {
      for (String name : golden().keySet()) {
        Files.delete(directory.resolve(name));
      }
      for (Map.Entry<String, String> file : made().entrySet()) {
        Files.writeString(directory.resolve(file.getKey()), file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a test does not read cannot be what it tests. */
  List<String> unreadInputs() {
    return list(directory)
        .map(file -> file.getFileName().toString())
        .filter(name -> name.startsWith("in-"))
        .filter(name -> !List.of("in-Redis.yaml", "in-RedisVersion.yaml").contains(name))
        .filter(name -> !(name.equals("in-ConfigMap.yaml") && namesConfigMap()))
        .toList();
  }

  private boolean namesConfigMap() {
    return read("in-Redis.yaml", Redis.class).getSpec().configSource() != null;
  }

  private <T> T read(String file, Class<T> type) {
    return Serialization.unmarshal(text(directory.resolve(file)), type);
  }

  private static Stream<Path> list(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return directory.getFileName().toString();
  }
}
