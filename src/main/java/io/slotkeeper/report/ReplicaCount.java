package io.slotkeeper.report;

import io.fabric8.kubernetes.api.model.Condition;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Conditions;
import io.slotkeeper.reasons.Reason;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many replicas are in sync, as the condition {@code ReplicasAttached} says it. The status has
 * the number nowhere else, so what writes the sentence also reads it.
 */
public record ReplicaCount(int inSync, int wanted) {
  private static final String SENTENCE = "%d of %d replicas are in sync.";
  private static final Pattern NUMBERS =
      Pattern.compile(Pattern.quote(SENTENCE).replace("%d", "\\E(\\d{1,9})\\Q"));

  /** Empty where the status says no number, for example because no server could be asked. */
  public static Optional<ReplicaCount> of(List<Condition> conditions) {
    Optional<Condition> attached = Conditions.find(conditions, ConditionType.ReplicasAttached);
    if (attached.filter(c -> Reason.NoReplicasWanted.name().equals(c.getReason())).isPresent()) {
      return Optional.of(new ReplicaCount(0, 0));
    }
    return attached
        .map(condition -> NUMBERS.matcher(String.valueOf(condition.getMessage())))
        .filter(Matcher::matches)
        .map(numbers ->
            new ReplicaCount(
                Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2))));
  }

  String sentence() {
    return SENTENCE.formatted(inSync, wanted);
  }
}
