package io.slotkeeper.redis.sentinel;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a connection says first, to hear of each switch to another primary. */
public final class SwitchNews {

  private SwitchNews() {}

  /**
   * {@code AUTH} and {@code SUBSCRIBE} in the servers' protocol.
   *
   * @param password null where authentication is off
   */
  public static String subscription(@Nullable String password) {
    return (password == null ? "" : command("AUTH", password))
        + command("SUBSCRIBE", "+switch-master");
  }

  private static String command(String... words) {
    StringBuilder text = new StringBuilder("*").append(words.length).append("\r\n");
    for (String word : words) {
      int length = word.getBytes(StandardCharsets.UTF_8).length;
      text.append('$').append(length).append("\r\n").append(word).append("\r\n");
    }
    return text.toString();
  }
}
