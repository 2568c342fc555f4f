package io.slotkeeper.resources;

import io.slotkeeper.api.ReservedSettings;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The text of a redis.conf: one setting per line. Settings are kept by their canonical names
 * ({@link SettingNames}), each with the value as {@link Arguments#join} writes it, so that two
 * texts that mean the same are equal, and no reader needs to know about quotes.
 */
final class RedisConf {

  /** An empty value; the line needs one. */
  private static final String EMPTY = "\"\"";

  /** Settings whose lines add up; as arguments of one line they mean the same (since Redis 7.0). */
  private static final Set<String> CUMULATIVE = Set.of("save", "client-output-buffer-limit");

  /** Settings of Redis before 7.0 that servers skip in the file and do not know otherwise. */
  private static final Set<String> SKIPPED =
      Set.of("list-max-ziplist-entries", "list-max-ziplist-value", "lua-replicate-commands");

  /** The same as in the schema of {@code spec.config}. */
  private static final String NAME = "[a-z][a-z0-9._-]{0,63}";

  private RedisConf() {}

  /**
   * The settings in a text that a user wrote.
   *
   * @param source names the text in messages
   * @throws InvalidConfigurationException where a server would not start with it, or it sets what
   *     belongs to the operator
   */
  static SortedMap<String, String> parse(String text, String source) {
    SortedMap<String, String> settings = new TreeMap<>();
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      String line = trimmed(lines[i]);
      if (!line.isEmpty() && !line.startsWith("#")) {
        add(settings, line, source + ", line " + (i + 1));
      }
    }
    return settings;
  }

  private static void add(SortedMap<String, String> settings, String line, String where) {
    List<String> words = words(line, where);
    if (words.isEmpty()) {
      return;
    }
    if (words.size() == 1) {
      throw new InvalidConfigurationException(
          "%s: %s has no value: write a name and a value".formatted(where, words.getFirst()));
    }
    String name = checked(words.getFirst(), where);
    if (!SKIPPED.contains(name)) {
      settings.merge(
          name,
          value(name, words.subList(1, words.size())),
          (before, now) -> together(name, before, now));
    }
  }

  /**
   * The settings of a map such as {@code spec.config}: each value is what follows the name on a
   * line.
   *
   * @param source names the map in messages
   * @throws InvalidConfigurationException as {@link #parse}, and where a setting appears under two
   *     of its names: it is unclear which of them wins
   */
  static SortedMap<String, String> of(Map<String, String> map, String source) {
    SortedMap<String, String> settings = new TreeMap<>();
    for (String name : new TreeSet<>(map.keySet())) {
      String canonical = checked(name, source);
      List<String> words = words(map.getOrDefault(name, ""), source + "." + name);
      String value = words.isEmpty() ? EMPTY : value(canonical, words);
      if (settings.put(canonical, value) != null) {
        throw new InvalidConfigurationException(
            "%s sets %s under two of its names: remove %s".formatted(source, canonical, name));
      }
    }
    return settings;
  }

  /**
   * The settings in a text that an operator wrote, of this or an earlier version: unreadable lines
   * are left out.
   */
  static SortedMap<String, String> written(String text) {
    SortedMap<String, String> settings = new TreeMap<>();
    for (String line : text.split("\n", -1)) {
      try {
        List<String> words = line.startsWith("#") ? List.of() : Arguments.split(line);
        if (words.size() > 1) {
          String name = SettingNames.canonical(words.getFirst());
          settings.put(name, value(name, words.subList(1, words.size())));
        }
      } catch (InvalidConfigurationException e) {
        // as if it did not exist
      }
    }
    return settings;
  }

  /** The value of a setting as {@code CONFIG SET} takes it and {@code CONFIG GET} returns it. */
  static String plain(String value) {
    return String.join(" ", Arguments.split(value));
  }

  /** The text that {@link #parse} reads the settings from. */
  static String render(Map<String, String> settings) {
    return settings.entrySet().stream()
        .map(setting -> setting.getKey() + " " + setting.getValue() + "\n")
        .collect(Collectors.joining());
  }

  /** Not {@link String#strip}: to a server, other Unicode spaces are part of a word. */
  private static String trimmed(String line) {
    return line.replaceAll("^[ \t\r]+|[ \t\r]+$", "");
  }

  private static List<String> words(String line, String where) {
    try {
      return Arguments.split(line);
    } catch (InvalidConfigurationException e) {
      throw new InvalidConfigurationException(
          "%s: a server cannot read this: %s".formatted(where, e.getMessage()));
    }
  }

  /** The canonical name of a setting, once it is clear that the user may set it. */
  private static String checked(String name, String where) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (!lower.matches(NAME)) {
      throw new InvalidConfigurationException(
          "%s: %s is not the name of a setting: a name consists of letters, digits, '.', '_' and '-'"
              .formatted(where, Arguments.join(List.of(name))));
    }
    String canonical = SettingNames.canonical(lower);
    if (ReservedSettings.contains(lower) || ReservedSettings.contains(canonical)) {
      throw new InvalidConfigurationException(
          "%s must not set %s: this setting belongs to the operator; remove it"
              .formatted(where, lower));
    }
    return canonical;
  }

  private static String value(String name, List<String> words) {
    // A server splits the only argument of such a line by itself; lines that add up become one.
    return Arguments.join(
        CUMULATIVE.contains(name) && words.size() == 1
            ? List.of(words.getFirst().split(" ", -1))
            : words);
  }

  private static String together(String name, String before, String now) {
    // save "" drops the lines before it.
    boolean adds = CUMULATIVE.contains(name) && !now.equals(EMPTY) && !before.equals(EMPTY);
    return adds ? before + " " + now : now;
  }
}
