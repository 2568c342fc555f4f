package io.slotkeeper.resources;

/**
 * A Redis whose objects cannot be built, for a reason that its schema could not catch. The message
 * is for the user: it names the field or the ConfigMap, and says what to do.
 */
public final class InvalidConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  InvalidConfigurationException(String message) {
    super(message);
  }
}
