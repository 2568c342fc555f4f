package io.slotkeeper.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What has been tried, how often, and when: recorded in an annotation, so that a new leader does
 * not start over. The pause doubles after each attempt.
 *
 * @param last the last attempt, by its subject
 */
public record AttemptHistory(SortedMap<String, Attempt> last) {

  public static final AttemptHistory NONE = new AttemptHistory(new TreeMap<>());

  /** For example {@code x-shard0-1@node-2 3 1767225600}: subject, count, seconds of the epoch. */
  private static final Pattern ATTEMPT = Pattern.compile("([^\\s,]{1,400}) (\\d{1,4}) (\\d{1,11})");

  /** More doublings have no effect any more. */
  private static final int MOST_DOUBLINGS = 20;

  /** The last of several attempts. */
  public record Attempt(int count, Instant at) {

    /** When the next one is due. */
    Instant next(Duration first, Duration longest) {
      Duration rest = first.multipliedBy(1L << Math.clamp(count - 1L, 0, MOST_DOUBLINGS));
      return at.plus(rest.compareTo(longest) > 0 ? longest : rest);
    }
  }

  public AttemptHistory {
    last = Collections.unmodifiableSortedMap(new TreeMap<>(last));
  }

  /** An unreadable entry counts as not tried. */
  public static AttemptHistory parse(@Nullable String annotation) {
    if (annotation == null || annotation.isEmpty()) {
      return NONE;
    }
    SortedMap<String, Attempt> last = new TreeMap<>();
    for (String part : annotation.split(",", -1)) {
      Matcher matcher = ATTEMPT.matcher(part.strip());
      if (matcher.matches()) {
        Instant at = Instant.ofEpochSecond(Long.parseLong(matcher.group(3)));
        last.put(matcher.group(1), new Attempt(Integer.parseInt(matcher.group(2)), at));
      }
    }
    return new AttemptHistory(last);
  }

  /** A time in the future comes from another writer, or from a wrong clock: it does not count. */
  public boolean isDue(String subject, Instant now, Duration first, Duration longest) {
    return find(subject)
        .filter(attempt -> !attempt.at().isAfter(now.plus(first)))
        .filter(attempt -> attempt.next(first, longest).isAfter(now))
        .isEmpty();
  }

  public Optional<Attempt> find(String subject) {
    return Optional.ofNullable(last.get(subject));
  }

  /**
   * With one more attempt; subjects whose attempts have expired start again at one.
   *
   * @param memory how long an attempt counts
   */
  public AttemptHistory with(String subject, Instant now, Duration memory) {
    SortedMap<String, Attempt> next = new TreeMap<>(last);
    next.values().removeIf(attempt -> attempt.at().plus(memory).isBefore(now));
    next.merge(
        subject,
        new Attempt(1, now),
        (old, _) -> new Attempt(Math.min(old.count(), 1000) + 1, now));
    return new AttemptHistory(next);
  }

  /** What is known of this subject alone: the others are no more. */
  public AttemptHistory only(String subject) {
    SortedMap<String, Attempt> own = new TreeMap<>(last);
    own.keySet().removeIf(other -> !other.equals(subject));
    return new AttemptHistory(own);
  }

  /** The annotation. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    last.forEach((subject, attempt) ->
        text.append(text.isEmpty() ? "" : ", ")
            .append(subject)
            .append(' ')
            .append(attempt.count())
            .append(' ')
            .append(attempt.at().getEpochSecond()));
    return text.toString();
  }
}
