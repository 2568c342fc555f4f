package io.slotkeeper.plan;

/** One step of the change of a password. Each begins when all servers have taken the one before. */
public enum PasswordStep {
  /** It accepts the new password beside those that it accepts. */
  ACCEPT,
  /** It logs in to other servers with the new one. */
  USE,
  /** It accepts no other any more. */
  DROP
}
