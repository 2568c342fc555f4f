package io.slotkeeper.operatorsettings;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All settings of the operator, from its environment; {@code docs/configuration.md} explains them.
 *
 * @param watchNamespaces empty for all
 * @param identity of this process among the operator's replicas
 * @param maxServers of one Redis: what is kept of it in memory grows with their square
 * @param resync how often a healthy Redis is looked at without any event
 * @param metricsPerRedis whether metrics name each Redis
 * @param exporterImage of redis_exporter, where a Redis names none
 * @param scrapeNamespaces whose pods may scrape exporters, besides those of the Redis' namespace
 * @param image of the operator itself, which Jobs of backups run
 */
public record OperatorSettings(
    Set<String> watchNamespaces,
    boolean leaderElection,
    String leaseName,
    String leaseNamespace,
    Duration leaseDuration,
    String identity,
    Duration resync,
    int httpPort,
    Duration connectTimeout,
    Duration commandTimeout,
    int maxServers,
    boolean metricsPerRedis,
    String exporterImage,
    Set<String> scrapeNamespaces,
    Optional<String> image) {

  private static final String EXPORTER = "docker.io/oliver006/redis_exporter:v1.69.0";

  /**
   * @throws IllegalArgumentException names the variable and what is wrong with it
   */
  public static OperatorSettings from(Map<String, String> environment) {
    Reader read = new Reader(environment);
    return new OperatorSettings(
        read.list("SLOTKEEPER_WATCH_NAMESPACES"),
        read.flag("SLOTKEEPER_LEADER_ELECTION", false),
        read.text("SLOTKEEPER_LEASE_NAME", "slotkeeper"),
        read.text("SLOTKEEPER_LEASE_NAMESPACE", "default"),
        read.duration("SLOTKEEPER_LEASE_DURATION", Duration.ofSeconds(10)),
        read.text("POD_NAME", "slotkeeper-" + ProcessHandle.current().pid()),
        read.duration("SLOTKEEPER_RESYNC", Duration.ofSeconds(10)),
        read.port("SLOTKEEPER_HTTP_PORT", 8080),
        read.duration("SLOTKEEPER_CONNECT_TIMEOUT", Duration.ofSeconds(1)),
        read.duration("SLOTKEEPER_COMMAND_TIMEOUT", Duration.ofSeconds(2)),
        read.count("SLOTKEEPER_MAX_SERVERS", 300),
        read.flag("SLOTKEEPER_METRICS_PER_REDIS", true),
        read.text("SLOTKEEPER_EXPORTER_IMAGE", EXPORTER),
        read.list("SLOTKEEPER_SCRAPE_NAMESPACES"),
        Optional.of(read.text("SLOTKEEPER_IMAGE", "")).filter(name -> !name.isEmpty()));
  }

  private record Reader(Map<String, String> environment) {

    String text(String name, String otherwise) {
      String value = environment.getOrDefault(name, "").strip();
      return value.isEmpty() ? otherwise : value;
    }

    Set<String> list(String name) {
      return Arrays.stream(text(name, "").split(",", -1))
          .map(String::strip)
          .filter(item -> !item.isEmpty())
          .collect(Collectors.toUnmodifiableSet());
    }

    boolean flag(String name, boolean otherwise) {
      return switch (text(name, Boolean.toString(otherwise))) {
        case "true" -> true;
        case "false" -> false;
        default -> throw wrong(name, "true or false");
      };
    }

    int port(String name, int otherwise) {
      try {
        int port = Integer.parseInt(text(name, Integer.toString(otherwise)));
        if (port >= 0 && port <= 65535) {
          return port;
        }
      } catch (NumberFormatException e) {
        // as below
      }
      throw wrong(name, "a port number");
    }

    int count(String name, int otherwise) {
      String value = text(name, Integer.toString(otherwise));
      if (value.matches("[1-9]\\d{0,5}")) {
        return Integer.parseInt(value);
      }
      throw wrong(name, "a number from 1 to 999999");
    }

    /** "10s", "2m", "500ms", or the same in ISO 8601 ("PT10S"). */
    Duration duration(String name, Duration otherwise) {
      String value = text(name, otherwise.toString());
      try {
        Duration duration =
            value.endsWith("ms")
                ? Duration.ofMillis(Long.parseLong(value.substring(0, value.length() - 2)))
                : Duration.parse(value.startsWith("P") ? value : "PT" + value);
        if (duration.isPositive()) {
          return duration;
        }
      } catch (DateTimeParseException | NumberFormatException e) {
        // as below
      }
      throw wrong(name, "a positive duration such as 10s");
    }

    private IllegalArgumentException wrong(String name, String expected) {
      return new IllegalArgumentException(
          name + " is '" + environment.get(name) + "'; it must be " + expected);
    }
  }
}
