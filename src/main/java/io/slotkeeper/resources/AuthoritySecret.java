package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.slotkeeper.certificates.Authority;
import io.slotkeeper.certificates.KeyMaterial;
import io.slotkeeper.certificates.UnusableCertificateException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The authority of one Redis, where the user brings no certificate. No pod mounts it. */
public final class AuthoritySecret {
  static final String TYPE = "slotkeeper.io/authority";

  private AuthoritySecret() {}

  public static Secret of(ResolvedSpec redis, Authority authority) {
    return new SecretBuilder()
        .withMetadata(Metadata.of(redis, redis.names().authoritySecret()))
        .withType(TYPE)
        .withData(
            SecretText.data(
                Map.of(
                    KeyMaterial.CERTIFICATE, authority.certificateText(),
                    KeyMaterial.KEY, authority.keyText())))
        .build();
  }

  /** Empty where the Secret has none that can be used. */
  public static Optional<Authority> in(Secret secret, Instant now) {
    try {
      return Optional.of(
          Authority.parse(
              SecretText.of(secret, KeyMaterial.CERTIFICATE),
              SecretText.of(secret, KeyMaterial.KEY),
              now));
    } catch (UnusableCertificateException e) {
      return Optional.empty();
    }
  }
}
