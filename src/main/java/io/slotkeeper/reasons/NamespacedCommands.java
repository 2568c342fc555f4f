package io.slotkeeper.reasons;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.slotkeeper.api.RedisStatus;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Commands in texts for users, in backquotes. Findings name a pod or a claim without its namespace,
 * but a command that is run as it stands must not reach a pod of the same name in the namespace
 * that happens to be current: here each gets the namespace before users see it.
 */
public final class NamespacedCommands {

  /** Not those about Kubernetes nodes, which have no namespace, nor one that has it already. */
  private static final Pattern WITHOUT_NAMESPACE =
      Pattern.compile("`kubectl (?!-n |taint |cordon |uncordon |drain )");

  private NamespacedCommands() {}

  /** The same status, with commands that can be run as they stand. */
  public static RedisStatus inNamespace(String namespace, RedisStatus status) {
    return status.withConditions(
        status.conditions().stream().map(condition -> inNamespace(namespace, condition)).toList());
  }

  private static Condition inNamespace(String namespace, Condition condition) {
    String message = condition.getMessage();
    return message == null
        ? condition
        : new ConditionBuilder(condition).withMessage(inNamespace(namespace, message)).build();
  }

  static String inNamespace(String namespace, String message) {
    return WITHOUT_NAMESPACE
        .matcher(message)
        .replaceAll(Matcher.quoteReplacement("`kubectl -n " + namespace + " "));
  }
}
