package io.slotkeeper.model;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the label {@code slotkeeper.io/role} of a pod says about its server. */
public enum PodRole {
  /** It owns slots. */
  MASTER,
  /** It belongs to the master of its shard. */
  REPLICA,
  /**
   * There is no such label: nothing is known of it, it is a master without slots, or clients of a
   * former primary are still being sent away.
   */
  NONE;

  /** Empty for {@link #NONE}. */
  public Optional<String> label() {
    return this == NONE ? Optional.empty() : Optional.of(name().toLowerCase(Locale.ROOT));
  }

  public static PodRole of(@Nullable String label) {
    for (PodRole role : values()) {
      if (role.label().filter(text -> text.equals(label)).isPresent()) {
        return role;
      }
    }
    return NONE;
  }
}
