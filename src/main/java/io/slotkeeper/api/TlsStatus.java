package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** The certificate of the servers. */
@ApiObject
public record TlsStatus(
    @JsonPropertyDescription("When it ends.") @Nullable String notAfter,
    @JsonPropertyDescription("Its serial number in hexadecimal digits.") @Nullable String serial,
    @JsonPropertyDescription("The servers that present it, of all that run, for example 6/6.")
        @Nullable String served) {

  public TlsStatus(@Nullable String notAfter, @Nullable String serial, @Nullable String served) {
    this.notAfter = Absent.toNull(notAfter);
    this.serial = Absent.toNull(serial);
    this.served = Absent.toNull(served);
  }
}
