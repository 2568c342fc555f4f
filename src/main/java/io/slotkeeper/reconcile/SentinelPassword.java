package io.slotkeeper.reconcile;

import io.slotkeeper.api.Mode;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import java.util.Optional;

/** A password that servers take, and not every Sentinel. */
final class SentinelPassword {

  private SentinelPassword() {}

  /**
   * Sentinels of Valkey 9.1 answer {@code SENTINEL SET … auth-pass} with "control characters are
   * not allowed" (measured with 9.1.2), and then cannot log in to the servers.
   *
   * @param secret its name
   */
  static Optional<Problem> problem(Mode mode, String secret, String password) {
    return mode == Mode.Sentinel && password.chars().anyMatch(Character::isISOControl)
        ? Optional.of(
            new Problem(
                Reason.ConfigurationInvalid,
                "spec.auth.secretRef names Secret %s, whose password has a control character, such as a line break at its end: not every Sentinel takes that. If no server runs yet, take it out of the Secret; a Redis that runs with this password has to stay in mode Standalone."
                    .formatted(secret)))
        : Optional.empty();
  }
}
