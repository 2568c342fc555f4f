package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether and with which password clients and servers authenticate. */
@ApiObject
@ValidationRule(
    value = "!(self.disabled && has(self.secretRef))",
    message = "spec.auth.secretRef and spec.auth.disabled exclude each other: remove one of them")
public record Auth(
    @JsonPropertyDescription("True to let everyone in without a password.") @Default("false")
        boolean disabled,
    @JsonPropertyDescription(
            "A Secret with a key password; without it the operator generates the Secret <name>-auth.")
        @Nullable LocalReference secretRef,
    @JsonPropertyDescription("How the password of running servers changes.")
        RotationSpec rotation) {

  /** A generated password. */
  public static final Auth GENERATED = new Auth(false, null, null);

  public Auth(
      boolean disabled, @Nullable LocalReference secretRef, @Nullable RotationSpec rotation) {
    this.disabled = disabled;
    this.secretRef = secretRef;
    this.rotation = Objects.requireNonNullElse(rotation, RotationSpec.DEFAULT);
  }
}
