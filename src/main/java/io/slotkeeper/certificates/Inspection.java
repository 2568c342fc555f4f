package io.slotkeeper.certificates;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether servers can use a certificate. They check less themselves, and what they refuse, each
 * refuses at a moment of its own: what is wrong must not reach any of them.
 */
public final class Inspection {
  private static final String SERVERS = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENTS = "1.3.6.1.5.5.7.3.2";
  private static final String ANY = "2.5.29.37.0";

  /** In bits. OpenSSL refuses shorter keys (security level 2). */
  private static final int SHORTEST_RSA = 2048;

  /** {@code dNSName} of RFC 5280. */
  private static final int DNS_NAME = 2;

  private Inspection() {}

  /**
   * @param names that clients look for in the certificate
   * @throws UnusableCertificateException if servers must not get it
   */
  public static void require(KeyMaterial material, Collection<String> names, Instant now)
      throws UnusableCertificateException {
    X509Certificate leaf = material.leaf();
    requireDates(leaf, now);
    requirePair(material);
    requireUsage(leaf);
    requireChain(material, now);
    requireNames(leaf, names);
  }

  private static void requireDates(X509Certificate leaf, Instant now)
      throws UnusableCertificateException {
    if (now.isAfter(leaf.getNotAfter().toInstant())) {
      throw flaw(Flaw.EXPIRED, "certificate has expired at " + leaf.getNotAfter().toInstant());
    }
    if (now.isBefore(leaf.getNotBefore().toInstant())) {
      throw flaw(
          Flaw.NOT_YET_VALID, "certificate is valid from " + leaf.getNotBefore().toInstant());
    }
  }

  /** What the key signs, the certificate must prove. */
  private static void requirePair(KeyMaterial material) throws UnusableCertificateException {
    PublicKey known = material.leaf().getPublicKey();
    if (known instanceof RSAKey rsa && rsa.getModulus().bitLength() < SHORTEST_RSA) {
      throw flaw(
          Flaw.UNUSABLE_KEY, "key is shorter than " + SHORTEST_RSA + " bits: servers refuse it");
    }
    String algorithm =
        switch (known.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> known.getAlgorithm();
        };
    boolean matches;
    try {
      byte[] words = {42};
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(material.key());
      signer.update(words);
      byte[] signature = signer.sign();
      signer.initVerify(known);
      signer.update(words);
      matches = signer.verify(signature);
    } catch (GeneralSecurityException e) {
      matches = false;
    }
    if (!matches) {
      throw flaw(Flaw.KEY_MISMATCH, "certificate and key do not belong together");
    }
  }

  private static void requireUsage(X509Certificate leaf) throws UnusableCertificateException {
    List<String> usages;
    try {
      usages = leaf.getExtendedKeyUsage();
    } catch (CertificateParsingException e) {
      throw flaw(Flaw.UNREADABLE, "certificate has usages that cannot be read");
    }
    if (usages != null
        && !usages.contains(ANY)
        && !(usages.contains(SERVERS) && usages.contains(CLIENTS))) {
      throw flaw(
          Flaw.WRONG_USAGE,
          "certificate is not for servers and clients: a server is both, so it needs the usages server auth and client auth");
    }
  }

  /** As OpenSSL does it: a chain ends at a root among the authorities. */
  private static void requireChain(KeyMaterial material, Instant now)
      throws UnusableCertificateException {
    Set<TrustAnchor> roots =
        material.authorities().stream()
            .filter(one -> one.getIssuerX500Principal().equals(one.getSubjectX500Principal()))
            .map(root -> new TrustAnchor(root, null))
            .collect(Collectors.toSet());
    if (roots.isEmpty()) {
      throw flaw(
          Flaw.WRONG_AUTHORITY,
          "key " + KeyMaterial.AUTHORITIES + " has no certificate of a root authority");
    }
    X509CertSelector leaf = new X509CertSelector();
    leaf.setCertificate(material.leaf());
    try {
      PKIXBuilderParameters wanted = new PKIXBuilderParameters(roots, leaf);
      wanted.setRevocationEnabled(false);
      wanted.setDate(Date.from(now));
      wanted.addCertStore(
          CertStore.getInstance(
              "Collection",
              new CollectionCertStoreParameters(
                  Stream.concat(material.chain().stream(), material.authorities().stream())
                      .toList())));
      CertPathBuilder.getInstance("PKIX").build(wanted);
    } catch (CertPathBuilderException e) {
      throw flaw(
          Flaw.WRONG_AUTHORITY,
          "certificate does not lead to a valid authority of its key " + KeyMaterial.AUTHORITIES);
    } catch (InvalidAlgorithmParameterException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each Java platform has it
    }
  }

  private static void requireNames(X509Certificate leaf, Collection<String> names)
      throws UnusableCertificateException {
    Set<String> has = names(leaf);
    Set<String> missing = new TreeSet<>(names);
    missing.removeIf(name -> has.stream().anyMatch(pattern -> covers(pattern, name)));
    if (!missing.isEmpty()) {
      throw flaw(
          Flaw.NAME_MISSING,
          "certificate has not these names, which clients look for: " + String.join(", ", missing));
    }
  }

  private static Set<String> names(X509Certificate leaf) throws UnusableCertificateException {
    Set<String> names = new HashSet<>();
    try {
      @Nullable Collection<List<?>> all = leaf.getSubjectAlternativeNames();
      for (List<?> entry : all == null ? List.<List<?>>of() : all) {
        if (entry.getFirst() instanceof Integer kind && kind == DNS_NAME) {
          names.add(String.valueOf(entry.get(1)).toLowerCase(Locale.ROOT));
        }
      }
    } catch (CertificateParsingException e) {
      throw flaw(Flaw.UNREADABLE, "certificate has names that cannot be read");
    }
    return names;
  }

  /** A star stands for the first part of a name. */
  private static boolean covers(String pattern, String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return pattern.equals(wanted)
        || (pattern.startsWith("*.")
            && wanted.indexOf('.') > 0
            && wanted.substring(wanted.indexOf('.')).equals(pattern.substring(1)));
  }

  private static UnusableCertificateException flaw(Flaw flaw, String message) {
    return new UnusableCertificateException(flaw, message);
  }
}
