package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.slotkeeper.api.Redis;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The labels of the operator's objects. Objects are found by {@link #REDIS} and {@link #SHARD}
 * alone: these never change, as a selector requires. The others are for people and their tools. No
 * label proves that an object is ours: see {@link Owner}.
 */
public final class Labels {

  /** The name of the Redis that an object belongs to. */
  public static final String REDIS = Redis.GROUP + "/redis";

  /** The number of the shard, on objects that belong to one. */
  public static final String SHARD = Redis.GROUP + "/shard";

  /**
   * On pods, written while they run: {@code master} for a server that owns slots, or is the primary
   * where there are none, {@code replica} for one that follows it. Never in a pod template: roles
   * change, templates must not.
   */
  public static final String ROLE = Redis.GROUP + "/role";

  /**
   * On pods of the modes with one primary, written while they run: {@link #YES} for one that
   * clients may read from. Never in a pod template, as {@link #ROLE}.
   */
  public static final String READS = Redis.GROUP + "/reads";

  /** The value of a label that is set or absent. */
  public static final String YES = "true";

  private static final String COMPONENT = "app.kubernetes.io/component";

  static final String INSTANCE = "app.kubernetes.io/instance";

  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  /** The value of {@link #MANAGED_BY}. */
  public static final String MANAGER = "slotkeeper";

  /** Annotation of a claim: the node id that was last proven to be on its volume. */
  public static final String NODE_ID = Redis.GROUP + "/node-id";

  /**
   * Annotation of a claim: its volume had the primary of this term, which counts the primaries of a
   * Redis. The greatest is the last one.
   */
  public static final String TERM = Redis.GROUP + "/term";

  /** Annotation of a StatefulSet: when its controller was nudged because pods are missing. */
  public static final String NUDGES = Redis.GROUP + "/nudges";

  /**
   * Annotation of a StatefulSet: which pods were deleted to be placed on another node, and when.
   */
  public static final String MOVES = Redis.GROUP + "/moves";

  /** Annotation of a pod: when its readiness probe was brought forward. */
  public static final String PROBES = Redis.GROUP + "/probes";

  /**
   * On the pods of an exporter, which do not have {@link #REDIS}: that selects servers. The value
   * is the name of the Redis.
   */
  public static final String EXPORTER = Redis.GROUP + "/exporter";

  /**
   * Annotation of a pod: the last change of the Secret of the servers that the kubelet was made to
   * read at once.
   */
  public static final String REFRESH = Redis.GROUP + "/refresh";

  private Labels() {}

  /** A selector as kubectl takes it: {@code a=b,c=d}. */
  public static String asText(Map<String, String> selector) {
    return selector.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(","));
  }

  /** Selects the pods and volumes of a Redis, and all else that belongs to it. */
  public static Map<String, String> selector(String redis) {
    return Map.of(REDIS, redis);
  }

  /** Selects the pods and volumes of one shard. */
  public static Map<String, String> selector(String redis, int shard) {
    Map<String, String> labels = new LinkedHashMap<>(selector(redis));
    labels.put(SHARD, Integer.toString(shard));
    return labels;
  }

  /** Selects the pods whose servers take writes: one of each shard that serves. */
  public static Map<String, String> masters(String redis) {
    Map<String, String> labels = new LinkedHashMap<>(selector(redis));
    labels.put(ROLE, "master");
    return labels;
  }

  /** Selects the pods of the Sentinels. */
  public static Map<String, String> sentinels(String redis) {
    Map<String, String> labels = new LinkedHashMap<>(selector(redis));
    labels.put(COMPONENT, "sentinel");
    return labels;
  }

  /** Selects the pods that clients may read from, in the modes with one primary. */
  public static Map<String, String> reads(String redis) {
    Map<String, String> labels = new LinkedHashMap<>(selector(redis));
    labels.put(READS, YES);
    return labels;
  }

  /** The labels of an object of a Redis. */
  public static Map<String, String> of(String redis) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("app.kubernetes.io/name", "redis");
    labels.put(INSTANCE, redis);
    labels.put(COMPONENT, "database");
    labels.put(MANAGED_BY, MANAGER);
    labels.put(REDIS, redis);
    return labels;
  }

  /** The labels of an object of the Sentinels. */
  public static Map<String, String> ofSentinels(String redis) {
    Map<String, String> labels = of(redis);
    labels.put(COMPONENT, "sentinel");
    return labels;
  }

  /** The labels of an object of the exporter, but not those of its pods. */
  public static Map<String, String> ofExporter(String redis) {
    Map<String, String> labels = of(redis);
    labels.put(COMPONENT, "exporter");
    return labels;
  }

  /** Whether an object is one of an exporter. */
  public static boolean isOfExporter(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels != null && "exporter".equals(labels.get(COMPONENT));
  }

  /** Selects the pods of the exporter. */
  public static Map<String, String> exporter(String redis) {
    return Map.of(EXPORTER, redis);
  }

  /** The labels of the exporter's pods. */
  public static Map<String, String> ofExporterPods(String redis) {
    Map<String, String> labels = ofExporter(redis);
    labels.put("app.kubernetes.io/name", "redis-exporter");
    labels.remove(REDIS);
    labels.put(EXPORTER, redis);
    return labels;
  }

  /** The labels of an object of one shard. */
  public static Map<String, String> of(String redis, int shard) {
    Map<String, String> labels = of(redis);
    labels.put(SHARD, Integer.toString(shard));
    return labels;
  }

  /** Whether an object is labelled as managed by Slotkeeper. */
  public static boolean isManaged(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels != null && MANAGER.equals(labels.get(MANAGED_BY));
  }

  /** The user's labels, with the operator's own on top. */
  public static Map<String, String> over(Map<String, String> user, Map<String, String> own) {
    Map<String, String> labels = new LinkedHashMap<>(user);
    labels.putAll(own);
    return labels;
  }
}
