package io.slotkeeper.reasons;

/**
 * Something that happened, for an event of the resource.
 *
 * @param warning the user should look
 * @param reason CamelCase, stable
 * @param action what was done or found, CamelCase ({@code events.k8s.io/v1} action)
 */
public record EventRecord(boolean warning, String reason, String action, String note) {

  public static EventRecord normal(String reason, String action, String note) {
    return new EventRecord(false, reason, action, note);
  }

  public static EventRecord warning(String reason, String action, String note) {
    return new EventRecord(true, reason, action, note);
  }
}
