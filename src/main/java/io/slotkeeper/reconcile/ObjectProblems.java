package io.slotkeeper.reconcile;

import io.slotkeeper.kubernetes.ObjectApplier.Effect;
import io.slotkeeper.kubernetes.ObjectApplier.Result;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Problems to report about objects that are not as they should be. */
final class ObjectProblems {

  private ObjectProblems() {}

  static Optional<Problem> of(List<Result> results) {
    List<String> sentences = new ArrayList<>();
    text(
            results,
            Effect.NAME_TAKEN,
            result -> "%s is not of this Redis: %s".formatted(result.name(), result.message()))
        .map(text -> text + ". It is left alone. Give this Redis another name.")
        .ifPresent(sentences::add);
    text(results, Effect.REFUSED, result -> result.name() + ": " + result.message())
        .map("The API server refuses %s."::formatted)
        .ifPresent(sentences::add);
    text(results, Effect.LEAVING, Result::name)
        .map("%s: left by the deleted Redis of this name, and about to be removed."::formatted)
        .ifPresent(sentences::add);
    if (sentences.isEmpty()) {
      return Optional.empty();
    }
    if (has(results, Effect.WITHHELD)) {
      sentences.add("No new pods start before that.");
    }
    Reason reason =
        has(results, Effect.NAME_TAKEN)
            ? Reason.NameTaken
            : has(results, Effect.REFUSED) ? Reason.ObjectRefused : Reason.WaitingForDeletion;
    return Optional.of(new Problem(reason, String.join(" ", sentences)));
  }

  private static boolean has(List<Result> results, Effect effect) {
    return results.stream().anyMatch(result -> result.effect() == effect);
  }

  private static Optional<String> text(
      List<Result> results, Effect effect, Function<Result, String> words) {
    return Optional.of(
            results.stream()
                .filter(result -> result.effect() == effect)
                .map(words)
                .collect(Collectors.joining("; ")))
        .filter(text -> !text.isEmpty());
  }
}
