package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.Secret;
import io.slotkeeper.certificates.KeyMaterial;
import io.slotkeeper.certificates.UnusableCertificateException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;

/** The texts in a Secret. */
public final class SecretText {

  private SecretText() {}

  /**
   * A certificate with its key and authorities.
   *
   * @throws UnusableCertificateException if a part is missing or cannot be read
   */
  public static KeyMaterial material(Secret secret) throws UnusableCertificateException {
    return KeyMaterial.parse(
        of(secret, KeyMaterial.CERTIFICATE),
        of(secret, KeyMaterial.KEY),
        of(secret, KeyMaterial.AUTHORITIES));
  }

  /** Empty where there is none. Bytes that are no text are no PEM, in whatever charset. */
  static String of(Secret secret, String key) {
    String data = secret.getData() == null ? null : secret.getData().get(key);
    return data == null
        ? ""
        : new String(Base64.getDecoder().decode(data), StandardCharsets.ISO_8859_1);
  }

  static Map<String, String> data(Map<String, String> texts) {
    return texts.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, text -> AuthSecret.base64(text.getValue())));
  }
}
