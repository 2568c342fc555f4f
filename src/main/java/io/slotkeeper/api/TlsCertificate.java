package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The certificates that the operator issues. */
@ApiObject
@ValidationRule(
    value = "duration(self.duration) >= duration('1h')",
    message = "spec.tls.certificate.duration is shorter than 1h")
@ValidationRule(
    value = "duration(self.renewBefore) < duration(self.duration)",
    message =
        "spec.tls.certificate.renewBefore must be shorter than duration: a certificate would be renewed as soon as it is issued")
public record TlsCertificate(
    @JsonPropertyDescription("How long a certificate is valid, such as 2160h.")
        @Default("2160h")
        @Pattern("^[1-9][0-9]{0,4}[mh]$")
        String duration,
    @JsonPropertyDescription("How long before its end it is replaced, such as 720h.")
        @Default("720h")
        @Pattern("^[1-9][0-9]{0,4}[mh]$")
        String renewBefore) {

  /** The values where it is absent. */
  public static final TlsCertificate DEFAULT = new TlsCertificate(null, null);

  public TlsCertificate(@Nullable String duration, @Nullable String renewBefore) {
    this.duration = Objects.requireNonNullElse(duration, "2160h");
    this.renewBefore = Objects.requireNonNullElse(renewBefore, "720h");
  }

  /** {@link #duration} as a duration. */
  public Duration life() {
    return parsed(duration);
  }

  /** {@link #renewBefore} as a duration. */
  public Duration reserve() {
    return parsed(renewBefore);
  }

  private static Duration parsed(String text) {
    return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
  }
}
