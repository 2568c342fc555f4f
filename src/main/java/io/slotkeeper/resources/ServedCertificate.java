package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.slotkeeper.certificates.KeyMaterial;
import io.slotkeeper.certificates.UnusableCertificateException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

/**
 * What servers are given: the Secret that pods mount, which only the operator writes. It alone
 * remembers a change that is under way. Never printed.
 *
 * @param changed when it last changed, to the second
 */
public record ServedCertificate(KeyMaterial material, Instant changed) {
  static final String TYPE = "slotkeeper.io/tls";

  private static final String CHANGED = "slotkeeper.io/certificate-changed";

  /** Empty where the Secret has no certificate, or one that cannot be read. */
  public static Optional<ServedCertificate> in(Secret secret) {
    Map<String, String> notes =
        Optional.ofNullable(secret.getMetadata()).map(ObjectMeta::getAnnotations).orElse(Map.of());
    try {
      return Optional.of(
          new ServedCertificate(
              SecretText.material(secret), time(notes.getOrDefault(CHANGED, ""))));
    } catch (UnusableCertificateException e) {
      return Optional.empty();
    }
  }

  private static Instant time(String note) {
    try {
      return Instant.parse(note);
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }

  /** It goes with the Redis: by then no server runs. */
  public Secret secret(ResolvedSpec redis) {
    return new SecretBuilder()
        .withMetadata(Metadata.of(redis, redis.names().tlsSecret()))
        .editMetadata()
        .addToAnnotations(CHANGED, changed.toString())
        .endMetadata()
        .withType(TYPE)
        .withData(
            SecretText.data(
                Map.of(
                    KeyMaterial.CERTIFICATE, material.certificateText(),
                    KeyMaterial.KEY, material.keyText(),
                    KeyMaterial.AUTHORITIES, material.authoritiesText())))
        .build();
  }

  @Override
  public String toString() {
    return material.toString();
  }
}
