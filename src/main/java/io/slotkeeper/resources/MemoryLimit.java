package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.slotkeeper.redis.ConfigValue;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What follows from the memory that a container may use. A pod of another revision than the
 * template may have another limit, so a value that is right for one is an OOM kill for the other.
 */
public final class MemoryLimit {
  private static final long MEBIBYTE = 1024 * 1024;
  private static final String MAXMEMORY = "maxmemory";
  private static final String BACKLOG = "repl-backlog-size";

  private MemoryLimit() {}

  /**
   * Of the template of a Redis; empty for none.
   *
   * @throws InvalidConfigurationException if it is no positive quantity
   */
  static OptionalLong wanted(@Nullable ResourceRequirements resources) {
    Quantity limit =
        resources == null || resources.getLimits() == null
            ? null
            : resources.getLimits().get("memory");
    if (limit != null && Quantities.bytes(limit).orElse(0) <= 0) {
      throw new InvalidConfigurationException(
          "spec.podTemplate.spec.resources.limits.memory must be a positive quantity such as 1Gi, not '%s'"
              .formatted(limit));
    }
    return bytes(limit);
  }

  private static OptionalLong of(@Nullable ResourceRequirements resources) {
    return resources == null || resources.getLimits() == null
        ? OptionalLong.empty()
        : bytes(resources.getLimits().get("memory"));
  }

  /** Of the server's container in a pod, as it is in force; empty for none. */
  public static OptionalLong of(Pod pod) {
    Stream<ContainerStatus> statuses =
        pod.getStatus() == null ? Stream.of() : pod.getStatus().getContainerStatuses().stream();
    // A pod that was resized in place says so in its status; older Kubernetes says nothing there.
    Optional<ResourceRequirements> actual =
        statuses
            .filter(status -> ServerContainer.NAME.equals(status.getName()))
            .map(ContainerStatus::getResources)
            .filter(Objects::nonNull)
            .filter(resources -> of(resources).isPresent())
            .findFirst();
    return of(
        actual
            .or(() ->
                pod.getSpec().getContainers().stream()
                    .filter(container -> ServerContainer.NAME.equals(container.getName()))
                    .map(Container::getResources)
                    .filter(Objects::nonNull)
                    .findFirst())
            .orElse(null));
  }

  private static OptionalLong bytes(@Nullable Quantity limit) {
    return limit == null ? OptionalLong.empty() : Quantities.bytes(limit);
  }

  /** Settings where the user has none. */
  static Map<String, String> defaults(long limit) {
    return Map.of(
        // The rest is for copy-on-write during a save, buffers and fragmentation. Refusing writes
        // (maxmemory-policy noeviction) is better than being killed.
        MAXMEMORY,
        Long.toString(most(limit)),
        // The backlog counts as used memory.
        BACKLOG,
        Long.toString(Math.clamp(limit / 8, MEBIBYTE, 64 * MEBIBYTE)));
  }

  private static long most(long limit) {
    return limit / 4 * 3;
  }

  /**
   * The settings for a pod whose limit may be another than the template's.
   *
   * @param settings for the template's limit, without quotes
   */
  public static SortedMap<String, String> fit(
      Map<String, String> settings, OptionalLong template, OptionalLong own) {
    SortedMap<String, String> fitting = new TreeMap<>(settings);
    if (own.equals(template)) {
      return fitting;
    }
    for (String name : new String[] {MAXMEMORY, BACKLOG}) {
      if (follows(settings, template, name)) {
        fitting.remove(name); // a pod without a limit keeps what it has
        own.ifPresent(limit -> fitting.put(name, defaults(limit).getOrDefault(name, "")));
      }
    }
    boolean smaller =
        own.isPresent() && (template.isEmpty() || own.getAsLong() < template.getAsLong());
    OptionalLong asked = ConfigValue.bytes(fitting.getOrDefault(MAXMEMORY, "0"));
    if (smaller && asked.isPresent()) {
      long most = most(own.getAsLong());
      if (asked.getAsLong() == 0 || asked.getAsLong() > most) {
        fitting.put(MAXMEMORY, Long.toString(most));
      }
    }
    return fitting;
  }

  /** The value follows from the limit, and is not one that the user asks for. */
  private static boolean follows(
      Map<String, String> settings, OptionalLong template, String setting) {
    String otherwise = setting.equals(BACKLOG) ? ConfigDefaults.BACKLOG : null;
    String derived = template.isPresent() ? defaults(template.getAsLong()).get(setting) : otherwise;
    return Objects.equals(settings.get(setting), derived);
  }

  /**
   * The same for the start script, which asks the kernel for the container's limit: a comment
   * {@code # memory-limit LIMIT MAXMEMORY BACKLOG}, where LIMIT is the template's in bytes or
   * "none", MAXMEMORY a number of bytes, "follows" or "unknown", and BACKLOG "follows" or "set".
   */
  static String mark(Map<String, String> settings, OptionalLong template) {
    OptionalLong asked = ConfigValue.bytes(settings.getOrDefault(MAXMEMORY, "0"));
    return "# memory-limit %s %s %s\n"
        .formatted(
            template.isPresent() ? Long.toString(template.getAsLong()) : "none",
            follows(settings, template, MAXMEMORY)
                ? "follows"
                : asked.isPresent() ? Long.toString(asked.getAsLong()) : "unknown",
            follows(settings, template, BACKLOG) ? "follows" : "set");
  }
}
