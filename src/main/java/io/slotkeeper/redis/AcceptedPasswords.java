package io.slotkeeper.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The passwords that servers and Sentinels are to accept. Never printed.
 *
 * @param current the one to log in with, once all accept it
 * @param previous accepted beside it for a while; null for none
 */
public record AcceptedPasswords(String current, @Nullable String previous) {

  /** As {@code ACL GETUSER} lists them. */
  public Set<String> hashes() {
    Set<String> hashes = new LinkedHashSet<>(Set.of(hash(current)));
    if (previous != null) {
      hashes.add(hash(previous));
    }
    return hashes;
  }

  /** SHA-256 of the text in UTF-8, in lower-case hexadecimal digits. */
  public static String hash(String password) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(password.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each Java platform has it
    }
  }

  @Override
  public String toString() {
    return "passwords";
  }
}
