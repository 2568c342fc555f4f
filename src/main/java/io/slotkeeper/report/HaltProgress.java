package io.slotkeeper.report;

import io.slotkeeper.reasons.Reason;
import java.util.Optional;

/** How far {@code spec.halted} has been carried out: what exists counts, not what was asked. */
record HaltProgress(boolean stopped, String message) {

  static Optional<HaltProgress> of(StatusInput report) {
    if (!report.halted()) {
      return Optional.empty();
    }
    int left = report.view().members().size();
    if (left > 0) {
      return Optional.of(
          new HaltProgress(
              false, "Stopping because of spec.halted: %d pods are left.".formatted(left)));
    }
    // Speak of volumes, not of data: they hold what the servers wrote there.
    String kept =
        report.view().claims().isEmpty()
            ? "it has no volumes, so no data is kept."
            : "its volumes are kept.";
    return Optional.of(
        new HaltProgress(true, "Stopped by spec.halted; " + kept + " Set it to false to resume."));
  }

  Reason reason() {
    return stopped ? Reason.Halted : Reason.Halting;
  }
}
