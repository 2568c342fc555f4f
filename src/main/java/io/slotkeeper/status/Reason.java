package io.slotkeeper.status;

/** Why a condition is as it is. Stable: scripts compare them. {@code docs/status.md} explains. */
public enum Reason {
  // All is well.
  AllSlotsServed,
  Complete,
  AsExpected,
  Formed,
  InSync,
  NoReplicasWanted,
  Applied,
  NoWarning,
  NoDataLost,
  Halted,

  // On the way.
  Halting,
  Creating,
  Forming,
  Healing,
  Updating,
  ChangingPersistence,
  Scaling,
  WaitingForPods,
  MigrationPaused,
  WaitingForUpdate,
  InsufficientMemory,

  // What is wrong with the cluster.
  SlotsNotServed,
  NodesDisagree,
  ReplicaMissing,
  NoReadyPod,
  MasterDown,
  MajorityLost,
  ShardLost,
  DataLost,
  ClaimWithoutPod,
  ForeignNode,
  StrayKeys,
  WrongPassword,
  ServerBusy,
  MaxClientsReached,
  CommandNotPermitted,
  ServerError,

  // What is wrong with its pods.
  ClusterBusBlocked,
  PodRefused,
  PodRejected,
  PodUnschedulable,
  ImageNotPulled,
  ServerCrashing,
  PodConfigurationMissing,
  NodeNotReady,
  DiskNotWritable,
  ClaimTerminating,
  OutOfMemory,

  // What is wrong with the resource.
  VersionNotFound,
  SecretNotFound,
  PasswordDiffers,
  ConfigMapNotFound,
  ConfigurationInvalid,
  TooManyServers,
  ObjectRefused,
  ReconcileFailed,
  Unreadable,
  VersionChangeRefused,
  NameTaken,
  WaitingForDeletion,
  RestartNeeded,
  PersistenceBlocked,
  UpdateHeld,
  SettingRefused,
  SettingKept,
  VolumesLarger,

  // What is accepted with a warning.
  FewMasters,
  NoCopies,
  NoPersistence,
  VariableReserved,
  NothingToAccept,
  CopiesTogether,
  VersionDeprecated
}
