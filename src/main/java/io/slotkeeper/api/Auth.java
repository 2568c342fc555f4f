package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import org.jspecify.annotations.Nullable;

/** Whether and with which password clients and servers authenticate. */
@ApiObject
public record Auth(
    @JsonPropertyDescription("True to let everyone in without a password.") @Default("false")
        boolean disabled,
    @JsonPropertyDescription(
            "A Secret with a key password; without it the operator generates the Secret <name>-auth.")
        @Nullable LocalReference secretRef) {

  /** A generated password. */
  public static final Auth GENERATED = new Auth(false, null);
}
