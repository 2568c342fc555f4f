package io.slotkeeper.api;

import org.jspecify.annotations.Nullable;

/**
 * A custom resource that may hold what this operator cannot read: it was stored under an older
 * schema, or by a newer operator.
 */
public interface Unreadable {

  /**
   * What cannot be read of the spec, and why, beginning with the field; null where all can. While
   * it is set, the spec is null.
   */
  @Nullable String getUnreadable();

  void setUnreadable(@Nullable String unreadable);
}
