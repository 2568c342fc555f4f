package io.slotkeeper.resources;

/** The quoting of redis.conf ({@code sds.c:sdssplitargs}). */
final class QuotedValue {

  private QuotedValue() {}

  /** Whether a server can take the value apart; if not, it refuses to start. */
  static boolean isBalanced(String value) {
    int i = 0;
    while (i < value.length()) {
      char c = value.charAt(i);
      if (c == '"' || c == '\'') {
        i = afterQuote(value, i);
        if (i < 0 || (i < value.length() && !Character.isWhitespace(value.charAt(i)))) {
          return false;
        }
      } else {
        i++;
      }
    }
    return true;
  }

  /** The value without the quotes around its parts, as a command takes it. */
  static String unquoted(String value) {
    StringBuilder plain = new StringBuilder();
    int i = 0;
    while (i < value.length()) {
      char c = value.charAt(i);
      int end = c == '"' || c == '\'' ? afterQuote(value, i) : -1;
      if (end < 0) {
        plain.append(c);
        i++;
      } else {
        plain.append(value.substring(i + 1, end - 1).replaceAll("\\\\(.)", "$1"));
        i = end;
      }
    }
    return plain.toString();
  }

  /** The index after the quote that closes the one at {@code open}; negative if nothing does. */
  private static int afterQuote(String value, int open) {
    char quote = value.charAt(open);
    for (int i = open + 1; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean escapes = c == '\\' && i + 1 < value.length();
      // Within single quotes a backslash only escapes a single quote.
      if (escapes && (quote == '"' || value.charAt(i + 1) == quote)) {
        i++;
      } else if (c == quote) {
        return i + 1;
      }
    }
    return -1;
  }
}
