package io.slotkeeper.reasons;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The conditions of one status. The time of a condition's last transition is kept from the status
 * before, unless its status changed.
 */
public final class Conditions {
  private final List<Condition> before;
  private final long generation;
  private final Instant now;
  private final List<Condition> conditions = new ArrayList<>();

  public Conditions(List<Condition> before, long generation, Instant now) {
    this.before = before;
    this.generation = generation;
    this.now = now.truncatedTo(ChronoUnit.SECONDS);
  }

  public void set(ConditionType type, boolean status, Reason reason, String message) {
    set(type, status ? "True" : "False", reason, message);
  }

  void unknown(ConditionType type, Reason reason, String message) {
    set(type, "Unknown", reason, message);
  }

  private void set(ConditionType type, String word, Reason reason, String message) {
    String since =
        find(before, type)
            .filter(old -> word.equals(old.getStatus()))
            .map(Condition::getLastTransitionTime)
            .orElseGet(now::toString);
    conditions.add(
        new ConditionBuilder()
            .withType(type.name())
            .withStatus(word)
            .withReason(reason.name())
            .withMessage(message)
            .withObservedGeneration(generation)
            .withLastTransitionTime(since)
            .build());
  }

  /** True as of now, even if it was True before: it is about something new. */
  public void renew(ConditionType type, Reason reason, String message) {
    set(type, true, reason, message);
    conditions.getLast().setLastTransitionTime(now.toString());
  }

  /** As it was. */
  void keep(ConditionType type) {
    find(before, type).ifPresent(conditions::add);
  }

  public List<Condition> list() {
    return List.copyOf(conditions);
  }

  /** Whether a condition exists and is True. */
  public static boolean isTrue(List<Condition> conditions, ConditionType type) {
    return find(conditions, type).filter(c -> "True".equals(c.getStatus())).isPresent();
  }

  public static Optional<Condition> find(List<Condition> conditions, ConditionType type) {
    for (Condition condition : conditions) {
      if (type.name().equals(condition.getType())) {
        return Optional.of(condition);
      }
    }
    return Optional.empty();
  }
}
