package io.slotkeeper.report;

import java.util.List;

/**
 * One number that the status of a Redis gives: one time series, once it has the namespace and the
 * name of the Redis. {@code docs/monitoring.md} explains each.
 *
 * @param values of the labels of its kind, in their order
 */
public record Figure(Kind kind, List<String> values) {

  /** What is counted. Each value of each label is from a fixed list, or has a fixed form. */
  public enum Kind {
    INFO("info", "", "Always 1; the labels say what it is"),
    READY("ready", "", "1 if the condition Ready is True, else 0"),
    DEGRADED("degraded", "", "1 if the condition Degraded is True, else 0"),
    APPLIED("configuration.applied", "", "1 if the condition ConfigurationApplied is True, else 0"),
    SHARDS("shards", "", "Shards, wanted by the spec and serving"),
    PODS("pods", "", "Pods of servers, wanted and ready"),
    REPLICAS("replicas", "", "Replicas, wanted by the spec, attached and in sync"),
    SLOTS_SERVED("slots.served", "", "Slots of a cluster that a master serves"),
    SLOTS_TO_MOVE("slots.to.move", "", "Slots of a cluster that are still to move"),
    PRIMARY("primary.available", "", "1 if there is one primary that takes writes, else 0"),
    SENTINELS("sentinels.agree", "", "1 if every Sentinel names the primary, else 0"),
    LAST_PASS("last.pass.timestamp", "seconds", "When the operator last finished a pass over it"),
    LAST_SEEN("last.seen.timestamp", "seconds", "When the operator last saw its servers");

    private final String suffix;
    private final String unit;
    private final String description;

    Kind(String suffix, String unit, String description) {
      this.suffix = suffix;
      this.unit = unit;
      this.description = description;
    }

    /** Words with dots between them. */
    public String metric() {
      return "slotkeeper.redis." + suffix;
    }

    /** Empty for a plain number. */
    public String unit() {
      return unit;
    }

    public String description() {
      return description;
    }

    public List<String> labels() {
      return switch (this) {
        case INFO -> List.of("mode", "version", "phase");
        case SHARDS, PODS, REPLICAS -> List.of("state");
        default -> List.of();
      };
    }
  }

  public Figure {
    values = List.copyOf(values);
    if (values.size() != kind.labels().size()) {
      throw new IllegalArgumentException(kind + " has labels " + kind.labels() + ", not " + values);
    }
  }
}
