package io.slotkeeper.observe;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A node of Kubernetes: a machine that pods run on.
 *
 * @param ready its kubelet reports; otherwise what runs there may still run, or not
 * @param schedulable new pods may be put there
 * @param back since when it is ready again; null where it is new, and nothing ran there before
 */
public record Host(String name, boolean ready, boolean schedulable, @Nullable Instant back) {
  /**
   * What a kubelet that reports again takes to end what was deleted meanwhile, and volumes take to
   * go from there to where their pods are now.
   */
  private static final Duration SETTLING = Duration.ofSeconds(30);

  public Host(String name, boolean ready, boolean schedulable) {
    this(name, ready, schedulable, null);
  }

  /** What is said of the pods there is what is so, and has been for a while. */
  public boolean isSettled(Instant now) {
    return ready && (back == null || !back.isAfter(now.minus(SETTLING)));
  }
}
