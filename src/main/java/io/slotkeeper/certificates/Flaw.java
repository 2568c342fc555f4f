package io.slotkeeper.certificates;

/** Why a certificate is not used. */
public enum Flaw {
  /** A part of it is not there. */
  MISSING,
  /** It is no PEM, or no certificate or key. */
  UNREADABLE,
  /** The key is protected by a passphrase, or weak. */
  UNUSABLE_KEY,
  /** Certificate and key do not belong together. */
  KEY_MISMATCH,
  EXPIRED,
  NOT_YET_VALID,
  /** None of the given authorities has issued it. */
  WRONG_AUTHORITY,
  /** It is not for servers, or not for clients; a server is both. */
  WRONG_USAGE,
  /** A name by which clients reach the Redis is not in it. */
  NAME_MISSING
}
