package io.slotkeeper.api;

/** The server software. */
public enum Engine {
  Redis,
  Valkey
}
