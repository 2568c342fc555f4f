package io.slotkeeper.certificates;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.jspecify.annotations.Nullable;

/** Certificates and keys as text. What is written here is read by every server and client alike. */
final class Pem {
  /** In characters. A bundle of all public authorities has 220,000. */
  private static final int LONGEST = 400_000;

  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private Pem() {}

  /**
   * All in the text, in its order; what is around them is left out.
   *
   * @param name of the text, for messages
   */
  static List<X509Certificate> certificates(String name, String text)
      throws UnusableCertificateException {
    List<X509Certificate> found = new ArrayList<>();
    for (Object object : objects(name, text)) {
      if (object instanceof X509CertificateHolder holder) {
        found.add(certificate(name, holder));
      }
    }
    if (found.isEmpty()) {
      throw new UnusableCertificateException(
          Flaw.UNREADABLE, "key " + name + " has no certificate in PEM format");
    }
    return found;
  }

  private static X509Certificate certificate(String name, X509CertificateHolder holder)
      throws UnusableCertificateException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(holder.getEncoded()));
    } catch (CertificateException | IOException e) {
      throw unreadable(name);
    }
  }

  /** The private key in the text: PKCS#8, PKCS#1 or SEC 1. */
  static PrivateKey key(String name, String text) throws UnusableCertificateException {
    for (Object object : objects(name, text)) {
      PrivateKeyInfo info =
          switch (object) {
            case PrivateKeyInfo plain -> plain;
            case PEMKeyPair pair -> pair.getPrivateKeyInfo();
            case PEMEncryptedKeyPair _, PKCS8EncryptedPrivateKeyInfo _ ->
                throw new UnusableCertificateException(
                    Flaw.UNUSABLE_KEY,
                    "key " + name + " is protected by a passphrase, which servers do not have");
            default -> null;
          };
      if (info != null) {
        return key(name, info);
      }
    }
    throw new UnusableCertificateException(
        Flaw.UNREADABLE, "key " + name + " has no private key in PEM format");
  }

  private static PrivateKey key(String name, PrivateKeyInfo info)
      throws UnusableCertificateException {
    try {
      return new JcaPEMKeyConverter().getPrivateKey(info);
    } catch (IOException e) {
      throw unreadable(name);
    }
  }

  private static List<Object> objects(String name, String text)
      throws UnusableCertificateException {
    if (text.isBlank()) {
      throw new UnusableCertificateException(Flaw.MISSING, "key " + name + " is missing or empty");
    }
    if (text.length() > LONGEST) {
      throw new UnusableCertificateException(
          Flaw.UNREADABLE, "key " + name + " is longer than " + LONGEST + " characters");
    }
    List<Object> objects = new ArrayList<>();
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      @Nullable Object next = parser.readObject();
      while (next != null) {
        objects.add(next);
        next = parser.readObject();
      }
    } catch (IOException | RuntimeException e) { // the parser passes on what the decoder throws
      throw unreadable(name);
    }
    return objects;
  }

  private static UnusableCertificateException unreadable(String name) {
    return new UnusableCertificateException(
        Flaw.UNREADABLE, "key " + name + " has a part that cannot be read");
  }

  /** Each once. */
  static String text(Collection<X509Certificate> certificates) {
    return new LinkedHashSet<>(certificates)
        .stream()
            .map(certificate -> block("CERTIFICATE", encoded(certificate)))
            .collect(Collectors.joining());
  }

  static String text(PrivateKey key) {
    return block("PRIVATE KEY", key.getEncoded());
  }

  static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException(e); // it was read from these bytes
    }
  }

  private static String block(String kind, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(kind, LINES.encodeToString(content), kind);
  }
}
