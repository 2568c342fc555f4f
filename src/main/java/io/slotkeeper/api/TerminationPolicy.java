package io.slotkeeper.api;

/** What goes with the resource when it is deleted. */
public enum TerminationPolicy {
  /** The API server refuses the deletion. */
  DoNotTerminate,
  /** Workloads go; volumes and Secrets stay, and creating the resource again resumes with them. */
  Pause,
  /** Workloads and volumes go; Secrets stay. */
  Delete,
  /** Everything goes. */
  WipeOut;

  public boolean deletesVolumes() {
    return this == Delete || this == WipeOut;
  }

  public boolean deletesSecrets() {
    return this == WipeOut;
  }
}
