package io.slotkeeper.redis;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values of settings as the servers understand them ({@code util.c:memtoull}). */
public final class ConfigValue {
  private static final Pattern AMOUNT = Pattern.compile("(\\d{1,18})(b|k|kb|m|mb|g|gb)?");

  private ConfigValue() {}

  /** Bytes; empty where it is no amount of memory. */
  public static OptionalLong bytes(String value) {
    Matcher amount = AMOUNT.matcher(value.toLowerCase(Locale.ROOT));
    if (!amount.matches()) {
      return OptionalLong.empty();
    }
    long unit =
        switch (amount.group(2)) {
          case null -> 1;
          case "k" -> 1000;
          case "kb" -> 1 << 10;
          case "m" -> 1_000_000;
          case "mb" -> 1 << 20;
          case "g" -> 1_000_000_000;
          case "gb" -> 1 << 30;
          default -> 1;
        };
    long number = Long.parseLong(amount.group(1));
    return number > Long.MAX_VALUE / unit ? OptionalLong.empty() : OptionalLong.of(number * unit);
  }

  /** True only if they mean the same; the rules here may miss two texts for one value. */
  public static boolean same(String one, String other) {
    return normal(one).equals(normal(other));
  }

  private static String normal(String value) {
    OptionalLong bytes = bytes(value);
    return bytes.isPresent()
        ? Long.toString(bytes.getAsLong())
        : value.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").strip();
  }

  /**
   * Whether a setting that cannot be tried may have a value: the kind of its present value decides
   * which kind it takes.
   */
  public static boolean isOfTheKindOf(String actual, String wanted) {
    if (actual.matches("-?\\d+")) {
      return wanted.matches("-?\\d{1,18}") || bytes(wanted).isPresent();
    }
    return !actual.matches("yes|no") || wanted.matches("(?i)yes|no");
  }
}
