package io.slotkeeper.certificates;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/**
 * What a server presents, and whom it trusts: a certificate with its key, and authorities. Never
 * printed.
 *
 * @param chain the certificate first, then those between it and its authority
 * @param authorities whose certificates are accepted
 */
public record KeyMaterial(
    List<X509Certificate> chain, PrivateKey key, List<X509Certificate> authorities) {
  public static final String CERTIFICATE = "tls.crt";
  public static final String KEY = "tls.key";
  public static final String AUTHORITIES = "ca.crt";

  public KeyMaterial {
    chain = List.copyOf(chain);
    authorities = List.copyOf(authorities);
  }

  /**
   * From PEM.
   *
   * @throws UnusableCertificateException if a part is missing or cannot be read
   */
  public static KeyMaterial parse(String certificate, String key, String authorities)
      throws UnusableCertificateException {
    return new KeyMaterial(
        Pem.certificates(CERTIFICATE, certificate),
        Pem.key(KEY, key),
        Pem.certificates(AUTHORITIES, authorities));
  }

  /** In PEM. */
  public String certificateText() {
    return Pem.text(chain);
  }

  /** In PEM. */
  public String keyText() {
    return Pem.text(key);
  }

  /** In PEM. */
  public String authoritiesText() {
    return Pem.text(authorities);
  }

  /** The same, with further authorities. */
  public KeyMaterial trusting(Collection<X509Certificate> others) {
    List<X509Certificate> all = new ArrayList<>(authorities);
    others.stream().filter(other -> !all.contains(other)).forEach(all::add);
    return new KeyMaterial(chain, key, all);
  }

  public X509Certificate leaf() {
    return chain.getFirst();
  }

  public Instant notAfter() {
    return leaf().getNotAfter().toInstant();
  }

  /** Which certificate it is. */
  public String fingerprint() {
    return fingerprint(leaf());
  }

  /** SHA-256 of a certificate, in lower-case hexadecimal digits. */
  public static String fingerprint(X509Certificate certificate) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Pem.encoded(certificate)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each Java platform has it
    }
  }

  @Override
  public String toString() {
    return "certificate " + fingerprint();
  }
}
