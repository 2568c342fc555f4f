package io.slotkeeper.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Times that others wrote. */
public final class Timestamps {

  private Timestamps() {}

  /** A time in RFC 3339, with any offset; empty for anything else. */
  public static Optional<Instant> parse(@Nullable String time) {
    if (time == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(time).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
