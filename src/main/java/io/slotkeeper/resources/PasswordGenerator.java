package io.slotkeeper.resources;

import java.security.SecureRandom;

/** Makes passwords of 190 bits, of letters and digits only: safe in every shell, file and URI. */
public final class PasswordGenerator {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final int LENGTH = 32;

  private final SecureRandom random = new SecureRandom();

  public String generate() {
    return random
        .ints(LENGTH, 0, ALPHABET.length())
        .map(ALPHABET::charAt)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
