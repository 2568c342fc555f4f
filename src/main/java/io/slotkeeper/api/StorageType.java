package io.slotkeeper.api;

/** Where pods keep their data. */
public enum StorageType {
  /** On a persistent volume per pod. */
  Durable,
  /** On an emptyDir that goes with the pod. */
  Ephemeral
}
