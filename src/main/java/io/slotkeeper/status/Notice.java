package io.slotkeeper.status;

/**
 * Something that happened, for an event of the resource.
 *
 * @param warning the user should look
 * @param reason CamelCase, stable
 * @param action what was done or found, CamelCase ({@code events.k8s.io/v1} action)
 */
public record Notice(boolean warning, String reason, String action, String note) {

  static Notice normal(String reason, String action, String note) {
    return new Notice(false, reason, action, note);
  }

  static Notice warning(String reason, String action, String note) {
    return new Notice(true, reason, action, note);
  }
}
