package io.slotkeeper.resources;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The words of a line of redis.conf, read and written as the servers do it ({@code
 * sds.c:sdssplitargs}). A line that servers read differently is refused. One character stands for
 * one byte while a line is read, because the servers read bytes.
 */
final class Arguments {
  private static final String SEPARATORS = " \n\r\t";

  /** Unlike {@link #SEPARATORS}, the last two are skipped between words but do not end one. */
  private static final String BLANKS = SEPARATORS + "\u000b\f";

  static final String CLOSING = "a closing quote is not followed by a space";

  /** Servers take any byte; a setting here is text, because a custom resource holds text alone. */
  static final String NO_TEXT = "it has an escape that gives no text";

  private static final String PLAIN = "[A-Za-z0-9_./:@%+,=*<>{}()\\[\\]$-]+";

  private final String line;
  private int at;

  private Arguments(String line) {
    this.line = line;
  }

  /**
   * The words, without their quotes.
   *
   * @throws InvalidConfigurationException where a server cannot read them; the message is the
   *     reason alone
   */
  static List<String> split(String line) {
    if (line.indexOf(0) >= 0) {
      // A server would drop the rest of the line with its end, and read the next line as part of
      // this.
      throw new InvalidConfigurationException("it contains a NUL character");
    }
    return new Arguments(
            new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))
        .words();
  }

  /** A text that {@link #split}, and every server, reads as these words. */
  static String join(List<String> words) {
    return words.stream().map(Arguments::quoted).collect(Collectors.joining(" "));
  }

  private List<String> words() {
    List<String> words = new ArrayList<>();
    while (true) {
      while (at < line.length() && BLANKS.indexOf(line.charAt(at)) >= 0) {
        at++;
      }
      if (at == line.length()) {
        return words;
      }
      words.add(decoded(word()));
    }
  }

  private String word() {
    StringBuilder word = new StringBuilder();
    while (at < line.length() && SEPARATORS.indexOf(line.charAt(at)) < 0) {
      char c = line.charAt(at++);
      if (c == '"' || c == '\'') {
        readQuoted(c, word);
        return word.toString();
      }
      word.append(c);
    }
    return word.toString();
  }

  private void readQuoted(char quote, StringBuilder word) {
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c == quote) {
        // Redis refuses it, or ends the word here; Valkey 9 continues the word.
        if (at < line.length() && SEPARATORS.indexOf(line.charAt(at)) < 0) {
          throw new InvalidConfigurationException(CLOSING);
        }
        return;
      }
      if (c == '\\' && at < line.length()) {
        c = quote == '"' ? escaped() : escapedQuote();
      }
      word.append(c);
    }
    throw new InvalidConfigurationException("it has unbalanced quotes");
  }

  /** What a backslash in double quotes stands for, together with what follows it. */
  private char escaped() {
    if (line.startsWith("x", at) && at + 2 < line.length()) {
      int high = hex(line.charAt(at + 1));
      int low = hex(line.charAt(at + 2));
      if (high >= 0 && low >= 0) {
        at += 3;
        return (char) (high << 4 | low);
      }
    }
    char c = line.charAt(at++);
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'a' -> '\u0007';
      default -> c;
    };
  }

  /** In single quotes a backslash escapes a single quote, and stands for itself elsewhere. */
  private char escapedQuote() {
    if (line.charAt(at) == '\'') {
      at++;
      return '\'';
    }
    return '\\';
  }

  /** {@link Character#digit} accepts digits of other scripts, too. */
  private static int hex(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }

  private static String decoded(String bytes) {
    String text = utf8(bytes.getBytes(StandardCharsets.ISO_8859_1));
    if (text == null || text.indexOf(0) >= 0) {
      throw new InvalidConfigurationException(NO_TEXT);
    }
    return text;
  }

  private static @Nullable String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static String quoted(String word) {
    if (word.matches(PLAIN)) {
      return word;
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
      if (b == '"' || b == '\\') {
        quoted.append('\\').append((char) b);
      } else if (b >= ' ' && b < 127) {
        quoted.append((char) b);
      } else {
        quoted.append("\\x%02x".formatted(b));
      }
    }
    return quoted.append('"').toString();
  }
}
