package io.slotkeeper.users;

/** Why a condition of a RedisUser is as it is. {@code docs/users.md} explains each. */
public enum UserReason {
  // All is well.
  Applied,
  RulesAccepted,

  // Under way.
  Applying,
  RulesNotTried,
  RedisNotFound,
  RedisNotReady,

  // What the user can correct.
  Unreadable,
  RulesRefused,
  UsernameTaken,
  SecretNotFound,
  PasswordUnusable,
  SecretNameTaken,
  SecretRefused,
  Suspended
}
