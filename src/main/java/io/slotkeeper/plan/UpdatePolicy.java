package io.slotkeeper.plan;

import java.time.Instant;

/**
 * How pods of an older template are replaced.
 *
 * @param rolling the operator replaces them; otherwise the user does
 * @param persistent servers write their data to volumes that outlive their pods
 * @param since when the Redis was created: older pods may be those of a former one
 */
public record UpdatePolicy(boolean rolling, boolean persistent, Instant since) {

  /** Nothing is replaced. */
  public static final UpdatePolicy NONE = new UpdatePolicy(false, false, Instant.MAX);
}
