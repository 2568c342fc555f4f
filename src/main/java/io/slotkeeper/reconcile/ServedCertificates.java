package io.slotkeeper.reconcile;

import io.slotkeeper.certificates.KeyMaterial;
import io.slotkeeper.resources.ServedCertificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What the Secret that servers mount is to have next. Pure.
 *
 * <p>A certificate of another authority comes in two steps: first each server trusts both
 * authorities, then it presents the new certificate. So each trusts what any other presents. The
 * former authority stays for a day, for clients that have not read the new one.
 */
final class ServedCertificates {
  /** How long a former authority is trusted beside the present one. */
  static final Duration OVERLAP = Duration.ofHours(24);

  /**
   * A server that never takes a change must not keep the others from a certificate that is valid.
   */
  static final Duration PATIENCE = Duration.ofHours(1);

  private ServedCertificates() {}

  /**
   * @param stored what servers mount now; empty where there is none that can be read
   * @param source what they are to have in the end
   * @param taken all servers that run have read what is stored; true where none runs
   */
  static ServedCertificate next(
      Optional<ServedCertificate> stored, KeyMaterial source, boolean taken, Instant now) {
    ServedCertificate fresh = new ServedCertificate(source, now);
    if (stored.isEmpty() || now.isAfter(stored.get().material().notAfter())) {
      return stored
          .map(former ->
              new ServedCertificate(source.trusting(former.material().authorities()), now))
          .orElse(fresh);
    }
    ServedCertificate former = stored.get();
    KeyMaterial present = former.material();
    if (!present.authorities().containsAll(source.authorities())) {
      return new ServedCertificate(present.trusting(source.authorities()), now);
    }
    if (!present.leaf().equals(source.leaf())) {
      boolean begin = taken || !now.isBefore(former.changed().plus(PATIENCE));
      return begin ? new ServedCertificate(source.trusting(present.authorities()), now) : former;
    }
    boolean outdated = !source.authorities().containsAll(present.authorities());
    return outdated && taken && !now.isBefore(former.changed().plus(OVERLAP)) ? fresh : former;
  }
}
