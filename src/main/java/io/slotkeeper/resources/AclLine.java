package io.slotkeeper.resources;

import io.slotkeeper.redis.AclUser;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A user as a line of redis.conf. Each word is in double quotes, and each byte that could mean more
 * than itself is written as {@code \xHH} (sds.c: sdssplitargs), so that no name and no rule reaches
 * another word or line.
 */
final class AclLine {
  private static final String START = "user ";
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"(?: |$)");
  private static final Pattern HASH = Pattern.compile("#[0-9a-f]{64}");
  private static final String PLAIN = "~*&+-@|:._%()#,/=?[]^";

  private AclLine() {}

  static String of(AclUser user) {
    StringBuilder line = new StringBuilder(START).append(quoted(user.name()));
    user.words().forEach(word -> line.append(' ').append(quoted(word)));
    return line.toString();
  }

  /** Empty for what {@link #of} does not write. */
  static Optional<AclUser> parse(String line) {
    if (!line.startsWith(START)) {
      return Optional.empty();
    }
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(line).region(START.length(), line.length());
    while (word.lookingAt()) {
      Optional<String> text = unquoted(word.group(1));
      if (text.isEmpty()) {
        return Optional.empty();
      }
      words.add(text.get());
      word.region(word.end(), line.length());
    }
    boolean whole =
        word.regionStart() == line.length()
            && words.size() >= 4
            && words.get(1).equals("reset")
            && HASH.matcher(words.get(3)).matches();
    return whole
        ? Optional.of(
            new AclUser(
                words.get(0),
                words.get(3).substring(1),
                words.get(2).equals("on"),
                words.subList(4, words.size())))
        : Optional.empty();
  }

  private static String quoted(String word) {
    StringBuilder text = new StringBuilder("\"");
    for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0)) {
        text.append(c);
      } else {
        text.append("\\x%02x".formatted((int) c));
      }
    }
    return text.append('"').toString();
  }

  private static Optional<String> unquoted(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        bytes.write(c);
      } else if (text.substring(i).matches("(?s)\\\\x[0-9a-f]{2}.*")) {
        bytes.write(Integer.parseInt(text.substring(i + 2, i + 4), 16));
        i += 3;
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(bytes.toString(StandardCharsets.UTF_8));
  }
}
