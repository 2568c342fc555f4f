package io.slotkeeper.simulation;

/** Something happened that must never happen. */
public final class Violation extends RuntimeException {
  public Violation(String message) {
    super(message);
  }
}
