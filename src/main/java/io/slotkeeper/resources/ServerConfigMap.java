package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.slotkeeper.api.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * The files that a server starts with. Pods see a change of it within a minute or so, and use it at
 * their next start; nothing restarts because of it, so its hash is stored here and not in the pods.
 */
public final class ServerConfigMap {

  /** A fingerprint of the files: a change of any of them changes it. */
  public static final String HASH = "slotkeeper.io/config-hash";

  /** The file of a server that refused redis.conf, as it calls it ({@code config_file}). */
  public static final String FALLBACK = "accepted.conf";

  /**
   * The {@code cluster-node-timeout} of normal operation in milliseconds: read from here where the
   * settings cannot be resolved any more.
   */
  public static final String NODE_TIMEOUT = "slotkeeper.io/cluster-node-timeout";

  private static final String CONF = "redis.conf";

  private ServerConfigMap() {}

  public static ConfigMap of(ResolvedSpec redis) {
    return of(redis, redis.config());
  }

  /** The mode of the servers that start with it. */
  public static Mode mode(ConfigMap files) {
    String text = Optional.ofNullable(files.getData()).map(data -> data.get(CONF)).orElse("");
    if ("yes".equals(RedisConf.written(text).get("cluster-enabled"))) {
      return Mode.Cluster;
    }
    return fact(files, ServerKind.SENTINELS).isPresent() ? Mode.Sentinel : Mode.Standalone;
  }

  private static Optional<String> fact(ConfigMap files, String name) {
    return Optional.ofNullable(files.getData()).map(data -> data.get(name));
  }

  /**
   * The same, with settings that a starting server can take: where the running servers have not
   * accepted a changed value yet, the present value stays.
   *
   * @param existing what servers start from now
   * @param accepted whether servers take a value (without quotes) of a setting
   */
  public static ConfigMap over(
      ConfigMap existing, ResolvedSpec redis, BiPredicate<String, String> accepted) {
    String text = Optional.ofNullable(existing.getData()).map(files -> files.get(CONF)).orElse("");
    SortedMap<String, String> before = RedisConf.written(text);
    SortedMap<String, String> settings = new TreeMap<>(redis.config());
    for (Map.Entry<String, String> setting : redis.triedSettings().entrySet()) {
      String name = setting.getKey();
      if (!Objects.equals(redis.config().get(name), before.get(name))
          && !accepted.test(name, setting.getValue())) {
        settings.remove(name);
        Optional.ofNullable(before.get(name)).ifPresent(value -> settings.put(name, value));
      }
    }
    return of(redis, settings);
  }

  private static ConfigMap of(ResolvedSpec redis, Map<String, String> settings) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(CONF, MemoryLimit.mark(settings, redis.memoryLimit()) + RedisConf.render(settings));
    redis.kind().scripts().forEach((file, resource) -> files.put(file, script(resource)));
    files.putAll(new TreeMap<>(redis.kind().facts().apply(redis)));
    if (redis.tls().encrypts()) {
      files.put(ServerTls.MODE, redis.tls().name());
      files.put(ServerTls.CLI, script("tls-cli.sh"));
    }
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put(HASH, SpecHash.of(files));
    redis
        .nodeTimeoutMillis()
        .ifPresent(millis -> annotations.put(NODE_TIMEOUT, Long.toString(millis)));
    return new ConfigMapBuilder()
        .withMetadata(Metadata.of(redis, redis.names().configMap()))
        .editMetadata()
        .addToAnnotations(annotations)
        .endMetadata()
        .withData(files)
        .build();
  }

  private static String script(String name) {
    try (InputStream in =
        Objects.requireNonNull(ServerConfigMap.class.getResourceAsStream(name), name)) {
      // YAML, and so kubectl, shows a text with tabs in it as one long line.
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\t", "  ");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
