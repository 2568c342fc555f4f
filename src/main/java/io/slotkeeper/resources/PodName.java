package io.slotkeeper.resources;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of a pod in its Redis: a name, nothing more. Only the servers know which pod is a
 * master.
 *
 * @param redis the name of the Redis
 */
public record PodName(String redis, int shard, int ordinal) {

  /** The digits have no leading zero, and are few enough for an int. */
  private static final Pattern PATTERN =
      Pattern.compile("(.+)-shard(0|[1-9]\\d{0,8})-(0|[1-9]\\d{0,8})");

  /** Empty for a name that no pod of a shard has. */
  public static Optional<PodName> parse(String name) {
    Matcher matcher = PATTERN.matcher(name);
    return matcher.matches()
        ? Optional.of(
            new PodName(
                matcher.group(1),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3))))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return new Names(redis).pod(shard, ordinal);
  }
}
