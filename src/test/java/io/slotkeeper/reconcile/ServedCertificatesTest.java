package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.certificates.Authority;
import io.slotkeeper.certificates.KeyMaterial;
import io.slotkeeper.resources.ServedCertificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServedCertificatesTest {
  private static final Instant NOW = Instant.parse("2026-11-29T13:37:00Z");
  private static final Duration LIFE = Duration.ofDays(90);

  private final Authority first = Authority.create("x", NOW);
  private final Authority second = Authority.create("x", NOW.plusSeconds(1));
  private final KeyMaterial former = issued(first);
  private final ServedCertificate stored = new ServedCertificate(former, NOW);

  private static KeyMaterial issued(Authority authority) {
    return authority.issue(List.of("x.demo.svc"), NOW, LIFE);
  }

  private static ServedCertificate next(
      ServedCertificate stored, KeyMaterial source, boolean taken, Instant now) {
    return ServedCertificates.next(Optional.of(stored), source, taken, now);
  }

  @Test
  void theFirstOneIsTheSource() {
    assertThat(ServedCertificates.next(Optional.empty(), former, true, NOW)).isEqualTo(stored);
  }

  @Test
  void nothingChangesByItself() {
    assertThat(next(stored, former, true, NOW.plus(Duration.ofDays(30)))).isEqualTo(stored);
  }

  @Test
  void oneOfTheSameAuthorityFollowsAtOnce() {
    KeyMaterial renewed = issued(first);
    Instant later = NOW.plusSeconds(60);

    assertThat(next(stored, renewed, true, later)).isEqualTo(new ServedCertificate(renewed, later));
  }

  @Test
  void aChangeWithinAChangeWaitsButNotForever() {
    KeyMaterial renewed = issued(first);

    assertThat(next(stored, renewed, false, NOW.plusSeconds(60))).isEqualTo(stored);
    assertThat(next(stored, renewed, false, NOW.plus(ServedCertificates.PATIENCE)).material())
        .isEqualTo(renewed);
  }

  @Test
  void anotherAuthorityIsTrustedBeforeItsCertificateIsPresented() {
    KeyMaterial renewed = issued(second);
    Instant trusting = NOW.plusSeconds(60);
    Instant presenting = NOW.plusSeconds(300);

    ServedCertificate both = next(stored, renewed, true, trusting);
    assertThat(both.material().leaf()).isEqualTo(former.leaf());
    assertThat(both.material().authorities())
        .containsExactly(first.certificate(), second.certificate());
    assertThat(both.changed()).isEqualTo(trusting);
    assertThat(next(both, renewed, false, presenting)).isEqualTo(both);

    ServedCertificate presented = next(both, renewed, true, presenting);
    assertThat(presented.material().leaf()).isEqualTo(renewed.leaf());
    assertThat(presented.material().authorities())
        .containsExactly(second.certificate(), first.certificate());

    Instant end = presenting.plus(ServedCertificates.OVERLAP);
    assertThat(next(presented, renewed, true, end.minusSeconds(1))).isEqualTo(presented);
    assertThat(next(presented, renewed, false, end)).isEqualTo(presented);
    assertThat(next(presented, renewed, true, end)).isEqualTo(new ServedCertificate(renewed, end));
  }

  @Test
  void nothingWaitsForOneThatHasExpired() {
    Instant late = NOW.plus(LIFE).plusSeconds(1);
    KeyMaterial renewed = second.issue(List.of("x.demo.svc"), late, LIFE);

    assertThat(next(stored, renewed, false, late).material().leaf()).isEqualTo(renewed.leaf());
  }
}
