package io.slotkeeper.reconcile;

import io.slotkeeper.livesettings.LiveSettings.Missing;
import io.slotkeeper.livesettings.LiveSettings.MissingReason;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reports which wanted settings servers do not have, and why. */
final class SettingProblems {

  private SettingProblems() {}

  static Optional<Problem> refused(List<Missing> missing) {
    List<Missing> refused = of(missing, MissingReason.REFUSED);
    return refused.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Problem(
                Reason.SettingRefused,
                "Servers refuse a setting and keep what they have, also when they restart. Correct the value. "
                    + each(
                        refused,
                        m ->
                            "%s '%s': %s says: %s."
                                .formatted(m.setting(), m.value(), m.pod(), m.detail()))));
  }

  /** The problem to report when no setting is refused. */
  static Optional<Problem> others(List<Missing> missing, int replicas) {
    List<Missing> kept = of(missing, MissingReason.KEPT);
    if (!kept.isEmpty()) {
      return Optional.of(
          new Problem(
              Reason.SettingKept,
              "Servers keep a setting that this resource does not ask for, because to change it now would evict keys. "
                  + "Ask for the value that is to stay, or free memory; a new value in this resource is set in any case. "
                  + each(
                      kept,
                      m ->
                          "%s of %s is %s, not %s."
                              .formatted(m.setting(), m.pod(), m.detail(), m.value()))));
    }
    List<Missing> immutable = of(missing, MissingReason.IMMUTABLE);
    return immutable.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Problem(
                Reason.RestartNeeded,
                "Servers take %s only when they start. %s: %s."
                    .formatted(
                        list(immutable, Missing::setting),
                        replicas == 0
                            ? "To delete a pod stops its shard for a while, and with storageType Ephemeral loses its data; these pods do not have it"
                            : "Delete these pods one at a time, each when all pods are Ready and ReplicasAttached is True",
                        list(immutable, Missing::pod))));
  }

  private static List<Missing> of(List<Missing> missing, MissingReason reason) {
    return missing.stream().filter(m -> m.reason() == reason).toList();
  }

  /** One sentence for each setting: servers of one version say the same. */
  private static String each(List<Missing> missing, Function<Missing, String> sentence) {
    return missing.stream()
        .collect(Collectors.toMap(Missing::setting, sentence, (one, _) -> one))
        .values()
        .stream()
        .sorted()
        .collect(Collectors.joining(" "));
  }

  private static String list(List<Missing> missing, Function<Missing, String> item) {
    return missing.stream().map(item).distinct().sorted().collect(Collectors.joining(", "));
  }
}
