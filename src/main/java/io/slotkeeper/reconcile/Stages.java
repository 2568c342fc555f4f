package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import io.slotkeeper.api.Redis;
import io.slotkeeper.kubernetes.ApiErrors;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the stages of a pass apart from each other. An exception of a stage becomes a problem of the
 * Redis, for the status; the stages that do not need its result continue.
 */
public final class Stages {
  private static final Logger log = LoggerFactory.getLogger(Stages.class);

  /** Bounds how much of an exception gets into a status. */
  private static final int LONGEST_CAUSE = 300;

  /** One part of a pass. */
  enum Stage {
    VOLUME_OWNERS("Writing on the volumes whether they go with the resource"),
    SECRET_OWNER("Writing on the Secret whether it goes with the resource"),
    CONFIG_SOURCE("Reading the ConfigMap of spec.configSource"),
    PASSWORD("Reading the password"),
    SPEC("Resolving the spec"),
    OBJECTS("Applying the objects"),
    FOREIGN_OBJECTS("Looking for objects that carry the labels and do not belong"),
    OBSERVE("Looking at the servers"),
    PLAN("Planning"),
    EXECUTE("Acting on the servers"),
    SETTINGS("Giving settings to running servers"),
    POD_EVENTS("Reading what is said of the pods"),
    UPDATE("Bringing running pods up to date"),
    STATUS("Building the status");

    private final String words;

    Stage(String words) {
      this.words = words;
    }

    private String tag() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final MeterRegistry registry;

  /** What was last logged of each Redis and stage: a failure that stays is one line. */
  private final Map<String, Map<Stage, String>> logged = new ConcurrentHashMap<>();

  public Stages(MeterRegistry registry) {
    this.registry = registry;
  }

  Pass begin(Redis redis) {
    return new Pass(redis.getMetadata().getUid());
  }

  /** Keeps only entries of Redises that still exist. */
  public void retain(Set<String> uids) {
    logged.keySet().retainAll(uids);
  }

  /** The stages of one pass. */
  final class Pass {
    private final String uid;
    private final List<Problem> problems = new ArrayList<>();

    private Pass(String uid) {
      this.uid = uid;
    }

    /** Runs a stage without a result. */
    void run(Stage stage, Runnable body) {
      find(
          stage,
          () -> {
            body.run();
            return true;
          });
    }

    /** The result of a stage, or the alternative where it fails. */
    <T> T get(Stage stage, Supplier<T> body, Supplier<T> otherwise) {
      return find(stage, body).orElseGet(otherwise);
    }

    /** The result of a stage; empty where it fails. */
    <T> Optional<T> find(Stage stage, Supplier<T> body) {
      try {
        T result = body.get();
        succeeded(stage);
        return Optional.of(result);
      } catch (RuntimeException e) {
        failed(stage, e);
        return Optional.empty();
      }
    }

    /** What failed in this pass, in the order of the stages. */
    List<Problem> problems() {
      return List.copyOf(problems);
    }

    private void succeeded(Stage stage) {
      Map<Stage, String> before = logged.get(uid);
      if (before != null && before.remove(stage) != null) {
        log.info("{} works again", stage.words);
      }
    }

    private void failed(Stage stage, RuntimeException e) {
      registry.counter("slotkeeper.stage.failures", "stage", stage.tag()).increment();
      String cause = cause(e);
      problems.add(
          new Problem(
              Reason.ReconcileFailed,
              "%s failed: %s. What runs is kept as it is; the operator tries again."
                  .formatted(stage.words, cause)));
      String before = logged.computeIfAbsent(uid, _ -> new ConcurrentHashMap<>()).put(stage, cause);
      if (!cause.equals(before)) {
        log.warn("{} failed", stage.words, e);
      }
    }
  }

  private static String cause(RuntimeException e) {
    String cause =
        e instanceof KubernetesClientException answer
            ? ApiErrors.message(answer)
            : e.getClass().getSimpleName() + ": " + e.getMessage();
    String text = cause.strip();
    return text.length() <= LONGEST_CAUSE ? text : text.substring(0, LONGEST_CAUSE - 1) + "…";
  }
}
