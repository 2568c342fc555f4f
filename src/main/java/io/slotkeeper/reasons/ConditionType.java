package io.slotkeeper.reasons;

/** The conditions of a Redis; {@code docs/status.md} explains each with all its reasons. */
public enum ConditionType {
  /**
   * Clients can use it: all slots are served, all servers agree, every master has a copy in sync.
   */
  Ready,
  /** The operator is working towards what the spec asks for. */
  Progressing,
  /** Something that should exist does not. */
  Degraded,
  /** All slots were assigned once; from then on a slot without an owner is a loss. */
  ClusterFormed,
  /** Not of a cluster: there was a primary once; from then on missing data is a loss. */
  Initialized,
  /** Not of a cluster: there is one primary, and it takes writes. */
  PrimaryAvailable,
  /** Of mode Sentinel: every Sentinel answers, and names the primary. */
  SentinelsAgree,
  /** All 16384 slots are served, and the servers agree on their owners. */
  SlotsCovered,
  /** Every master has as many replicas in sync as the spec asks for. */
  ReplicasAttached,
  /** The objects match what the resource asks for. */
  ConfigurationApplied,
  /** It is accepted, but a careful user would not want it. */
  ConfigurationWarning,
  /** Slots are served without keys that they held within the last day. */
  DataLost
}
