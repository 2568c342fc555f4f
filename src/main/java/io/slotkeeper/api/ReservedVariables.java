package io.slotkeeper.api;

import java.util.regex.Pattern;

/**
 * Environment variables that a user cannot set in the redis container. The scripts there run before
 * the server does, with its password: a variable that changes which programs they find, or where
 * they connect to, would hand that password out.
 */
public final class ReservedVariables {

  /** A regular expression of the whole name. */
  static final String NAMES =
      // How a shell and the dynamic linker find and read what they run.
      "PATH|IFS|ENV|BASH_ENV|SHELLOPTS|BASHOPTS|LD_.*|GCONV_PATH|LC_ALL"
          // Names that the scripts and redis-cli use.
          + "|HOSTNAME|POD_IP|REDISCLI_.*|VALKEYCLI_.*|SLOTKEEPER_.*";

  private static final Pattern PATTERN = Pattern.compile(NAMES);

  private ReservedVariables() {}

  /** Whether a name is reserved. */
  public static boolean contains(String name) {
    return PATTERN.matcher(name).matches();
  }
}
