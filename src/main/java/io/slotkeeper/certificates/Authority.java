package io.slotkeeper.certificates;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * An authority of our own, for one Redis alone: who trusts it trusts nothing else. Never printed.
 */
public record Authority(X509Certificate certificate, PrivateKey key) {
  /** How long one is valid. */
  static final Duration LIFE = Duration.ofDays(3650);

  /** Clocks differ. */
  private static final Duration LENIENCY = Duration.ofHours(1);

  private static final String SIGNATURE = "SHA256withECDSA";
  private static final int SERIAL_BITS = 127;

  /** Its name never repeats: a client that knows two by the same name may try the wrong one. */
  public static Authority create(String redis, Instant now) {
    KeyPair keys = keys();
    // A common name has 64 characters at most.
    X500Principal name = name("slotkeeper " + redis + " " + Long.toHexString(now.getEpochSecond()));
    try {
      JcaX509ExtensionUtils utils = new JcaX509ExtensionUtils();
      var builder = certificate(name, name, keys, now, LIFE);
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              utils.createSubjectKeyIdentifier(keys.getPublic()));
      return new Authority(sign(builder, keys.getPrivate()), keys.getPrivate());
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException(e); // each Java platform can
    }
  }

  /**
   * From PEM.
   *
   * @throws UnusableCertificateException if a part is missing, cannot be read, or is outdated
   */
  public static Authority parse(String certificate, String key, Instant now)
      throws UnusableCertificateException {
    KeyMaterial parts = KeyMaterial.parse(certificate, key, certificate);
    Inspection.require(parts, List.of(), now);
    return new Authority(parts.leaf(), parts.key());
  }

  /** In PEM. */
  public String certificateText() {
    return Pem.text(List.of(certificate));
  }

  /** In PEM. */
  public String keyText() {
    return Pem.text(key);
  }

  public Instant notAfter() {
    return certificate.getNotAfter().toInstant();
  }

  /**
   * A certificate for servers, which are clients of each other, too. It ends with the authority at
   * the latest.
   *
   * @param names that it is for, the first one being its common name
   */
  public KeyMaterial issue(List<String> names, Instant now, Duration life) {
    KeyPair keys = keys();
    Duration rest = Duration.between(now, notAfter());
    String first = names.getFirst();
    try {
      JcaX509ExtensionUtils utils = new JcaX509ExtensionUtils();
      var builder =
          certificate(
              certificate.getSubjectX500Principal(),
              name(first.length() > 64 ? first.substring(0, first.indexOf('.')) : first),
              keys,
              now,
              life.compareTo(rest) < 0 ? life : rest);
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(
              Extension.extendedKeyUsage,
              false,
              new ExtendedKeyUsage(
                  new KeyPurposeId[] {
                    KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                  }))
          .addExtension(Extension.subjectAlternativeName, false, alternatives(names))
          .addExtension(
              Extension.authorityKeyIdentifier,
              false,
              utils.createAuthorityKeyIdentifier(certificate.getPublicKey()));
      return new KeyMaterial(List.of(sign(builder, key)), keys.getPrivate(), List.of(certificate));
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException(e); // each Java platform can
    }
  }

  private static GeneralNames alternatives(Collection<String> names) {
    return new GeneralNames(
        names.stream()
            .map(name -> new GeneralName(GeneralName.dNSName, name))
            .toArray(GeneralName[]::new));
  }

  private static JcaX509v3CertificateBuilder certificate(
      X500Principal issuer, X500Principal subject, KeyPair keys, Instant now, Duration life) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS),
        Date.from(now.minus(LENIENCY)),
        Date.from(now.plus(life)),
        subject,
        keys.getPublic());
  }

  private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
      throws OperatorCreationException, GeneralSecurityException, IOException {
    byte[] signed = builder.build(new JcaContentSignerBuilder(SIGNATURE).build(key)).getEncoded();
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(signed));
  }

  private static X500Principal name(String common) {
    return new X500Principal("CN=" + common);
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // each Java platform can
    }
  }

  @Override
  public String toString() {
    return "authority " + KeyMaterial.fingerprint(certificate);
  }
}
