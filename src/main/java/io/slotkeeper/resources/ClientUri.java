package io.slotkeeper.resources;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Where clients connect to, as one text. */
final class ClientUri {
  /** The user that has the password. */
  static final String USER = "default";

  private ClientUri() {}

  /**
   * @param password empty for none
   */
  static String of(ResolvedSpec redis, String password) {
    String login = password.isEmpty() ? "" : USER + ":" + encoded(password) + "@";
    return "redis://%s%s:%d".formatted(login, redis.host(), Ports.CLIENT);
  }

  private static String encoded(String value) {
    // In a URI a space is %20; + is only a space in a form.
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
