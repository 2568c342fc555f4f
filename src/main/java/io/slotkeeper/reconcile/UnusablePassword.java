package io.slotkeeper.reconcile;

import io.slotkeeper.api.Mode;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A password that a Secret can have, and that some server, script or Sentinel cannot. */
final class UnusablePassword {
  /** Well below what Linux lets a variable of the environment have (128 KiB, MAX_ARG_STRLEN). */
  private static final int MOST_BYTES = 32 * 1024;

  private UnusablePassword() {}

  /**
   * @param secret its name
   */
  static Optional<Problem> problem(Mode mode, String secret, String password) {
    if (password.indexOf('\0') >= 0) {
      return Optional.of(
          problem(
              secret,
              "whose password has a zero byte: the scripts of the pods cannot pass that on. Replace it"));
    }
    if (password.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      return Optional.of(
          problem(
              secret,
              "whose password has more than 32 KiB: the scripts of the pods cannot pass that on. Replace it"));
    }
    // Sentinels of Valkey 9.1 answer SENTINEL SET … auth-pass with "control characters are not
    // allowed" (measured with 9.1.2), and then cannot log in to the servers.
    return mode == Mode.Sentinel && password.chars().anyMatch(Character::isISOControl)
        ? Optional.of(
            problem(
                secret,
                "whose password has a control character, such as a line break at its end: not every Sentinel takes that. Take it out of the Secret; a Redis that runs with this password has to stay in mode Standalone until then"))
        : Optional.empty();
  }

  private static Problem problem(String secret, String why) {
    return new Problem(
        Reason.ConfigurationInvalid,
        "The password is that of Secret %s, %s.".formatted(secret, why));
  }
}
