package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.slotkeeper.kubernetes.ApiErrors;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Runs the stages of a pass apart from each other. An exception of a stage becomes a problem of the
 * Redis, for the status; the stages that do not need its result continue.
 */
public final class Stages {
  /** Bounds how much of an exception gets into a status. */
  private static final int LONGEST_CAUSE = 300;

  /** One part of a pass. */
  public enum Stage {
    VOLUME_OWNERS("Writing on the volumes whether they go with the resource"),
    SECRET_OWNER("Writing on the Secret whether it goes with the resource"),
    CONFIG_SOURCE("Reading the ConfigMap of spec.configSource"),
    PASSWORD("Reading the password"),
    CERTIFICATE("Reading the certificate"),
    SPEC("Resolving the spec"),
    OBJECTS("Applying the objects"),
    FOREIGN_OBJECTS("Looking for objects that carry the labels and do not belong"),
    OBSERVE("Looking at the servers"),
    PLAN("Planning"),
    EXECUTE("Acting on the servers"),
    SETTINGS("Giving settings to running servers"),
    PASSWORDS("Changing the password of running servers"),
    USERS("Giving users to running servers"),
    POD_EVENTS("Reading what is said of the pods"),
    UPDATE("Bringing running pods up to date"),
    STATUS("Building the status");

    private final String words;

    Stage(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }

    String tag() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Learns what becomes of stages. An exception of it ends the pass. */
  public interface Listener {
    void succeeded(String uid, Stage stage);

    /**
     * @param cause for people
     */
    void failed(String uid, Stage stage, String cause, RuntimeException e);
  }

  private final Listener listener;

  public Stages(Listener listener) {
    this.listener = listener;
  }

  /**
   * @param uid of the Redis that the pass is over
   */
  Run begin(String uid) {
    return new Run(uid);
  }

  /** The stages of one pass. */
  public final class Run {
    private final String uid;
    private final List<Problem> problems = new ArrayList<>();

    private Run(String uid) {
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
      Optional<T> result;
      try {
        result = Optional.of(body.get());
      } catch (RuntimeException e) {
        failed(stage, e);
        return Optional.empty();
      }
      listener.succeeded(uid, stage);
      return result;
    }

    /** What failed in this pass, in the order of the stages. */
    List<Problem> problems() {
      return List.copyOf(problems);
    }

    private void failed(Stage stage, RuntimeException e) {
      String cause = cause(e);
      listener.failed(uid, stage, cause, e);
      problems.add(
          new Problem(
              Reason.ReconcileFailed,
              "%s failed: %s. What runs is kept as it is; the operator tries again."
                  .formatted(stage.words, cause)));
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
