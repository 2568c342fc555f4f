package io.slotkeeper.simulation;

/** Something happened that must never happen. */
final class Violation extends RuntimeException {
  Violation(String message) {
    super(message);
  }
}
