package io.slotkeeper.simulation;

import org.jspecify.annotations.Nullable;

/** What a pod's volume is to Kubernetes, whatever a server keeps on it. */
public abstract class Disk {
  /** The process that has it open: no second one starts. */
  public @Nullable ServerProcess server;

  /** A server that starts on it ends at once. */
  public boolean corrupt;

  /** Its pod was let go, and is wanted again: what is here is from before, until it is in sync. */
  public boolean old;
}
