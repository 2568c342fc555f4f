package io.slotkeeper.resources;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where clients connect to. */
final class ClientUri {
  /** The user that has the password. */
  static final String USER = "default";

  private ClientUri() {}

  /**
   * As one text.
   *
   * @param password empty for none
   */
  static String of(ResolvedSpec redis, String password) {
    String login = password.isEmpty() ? "" : USER + ":" + encoded(password) + "@";
    return "%s://%s%s:%d"
        .formatted(redis.tls().encrypts() ? "rediss" : "redis", login, redis.host(), port(redis));
  }

  /** The same address for another login. */
  static String as(String uri, String username, String password) {
    int host = uri.indexOf("://") + "://".length();
    return uri.substring(0, host)
        + encoded(username)
        + ":"
        + encoded(password)
        + "@"
        + uri.substring(Math.max(host, uri.lastIndexOf('@') + 1));
  }

  /** The same in parts, as Secrets for applications name them. */
  static Map<String, String> address(ResolvedSpec redis) {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("type", "redis");
    parts.put("provider", Labels.MANAGER);
    parts.put("host", redis.host());
    parts.put("port", Integer.toString(port(redis)));
    return parts;
  }

  /** With TLS where there is. */
  static int port(ResolvedSpec redis) {
    return Ports.client(redis.tls().encrypts());
  }

  private static String encoded(String value) {
    // In a URI a space is %20; + is only a space in a form.
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
