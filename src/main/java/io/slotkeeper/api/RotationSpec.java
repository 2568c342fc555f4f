package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How the password of running servers changes. */
@ApiObject
@ValidationRule(
    value = "duration(self.overlap) >= duration('2m')",
    message =
        "spec.auth.rotation.overlap is shorter than 2m: for that long a container may still start with the former password")
public record RotationSpec(
    @JsonPropertyDescription(
            "How long the former password is accepted beside the new one, such as 30m or 12h.")
        @Default("1h")
        @Pattern("^[1-9][0-9]{0,4}[smh]$")
        String overlap) {

  /** The values where it is absent. */
  public static final RotationSpec DEFAULT = new RotationSpec(null);

  public RotationSpec(@Nullable String overlap) {
    this.overlap = Objects.requireNonNullElse(overlap, "1h");
  }

  /** {@link #overlap} as a duration. */
  public Duration effectiveOverlap() {
    return Duration.parse("PT" + overlap.toUpperCase(Locale.ROOT));
  }
}
