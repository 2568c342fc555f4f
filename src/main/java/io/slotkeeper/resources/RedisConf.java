package io.slotkeeper.resources;

import io.slotkeeper.api.ReservedSettings;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The text of a redis.conf: one setting per line, its name and a value that is kept as it is
 * written, quotes included.
 */
final class RedisConf {

  /** Settings whose lines add up; as arguments of one line they mean the same (since Redis 7.0). */
  private static final Set<String> CUMULATIVE = Set.of("save", "client-output-buffer-limit");

  /** The setting that has one line for each of its values. */
  private static final String PER_LINE = "loadmodule";

  private RedisConf() {}

  /**
   * The settings in a text that a user wrote, by their canonical names.
   *
   * @param source names the text in messages
   * @throws InvalidConfigurationException where a server would not start with it, or it sets what
   *     belongs to the operator
   */
  static SortedMap<String, String> parse(String text, String source) {
    SortedMap<String, String> settings = new TreeMap<>();
    int number = 0;
    for (String line : text.lines().map(String::strip).toList()) {
      number++;
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String where = source + ", line " + number;
      String[] parts = line.split("\\s+", 2);
      if (parts.length < 2) {
        throw new InvalidConfigurationException(
            "%s: %s has no value: write a name and a value".formatted(where, parts[0]));
      }
      String name = checked(parts[0], parts[1], where);
      settings.merge(name, parts[1], (before, now) -> join(name, before, now));
    }
    return settings;
  }

  /**
   * The canonical name of a setting, once it is clear that the user may set it and that its value
   * can be read.
   */
  static String checked(String name, String value, String where) {
    // The old names are aliases of the new ones: one setting must not be there under both.
    String canonical = name.toLowerCase(Locale.ROOT).replace("slave", "replica");
    if (ReservedSettings.contains(name) || ReservedSettings.contains(canonical)) {
      throw new InvalidConfigurationException(
          "%s must not set %s: this setting belongs to the operator; remove it"
              .formatted(where, name));
    }
    if (!QuotedValue.isBalanced(value)) {
      throw new InvalidConfigurationException(
          "%s: the value of %s has unbalanced quotes: a server would not start with it"
              .formatted(where, name));
    }
    return canonical;
  }

  private static String join(String name, String before, String now) {
    if (name.equals(PER_LINE)) {
      return before + "\n" + now;
    }
    // save "" drops the lines before it.
    boolean adds = CUMULATIVE.contains(name) && !now.equals("\"\"") && !before.equals("\"\"");
    return adds ? before + " " + now : now;
  }

  /** The text that {@link #parse} reads the settings from. */
  static String render(Map<String, String> settings) {
    return settings.entrySet().stream()
        .flatMap(setting ->
            (setting.getValue().isEmpty() ? "\"\"" : setting.getValue())
                .lines()
                .map(value -> setting.getKey() + " " + value + "\n"))
        .collect(Collectors.joining());
  }
}
