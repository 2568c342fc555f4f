package io.slotkeeper.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class InspectionTest {
  private static final Instant NOW = Instant.parse("2026-11-29T13:37:00Z");
  private static final List<String> NAMES = List.of("x.demo.svc", "*.x-gvr.demo.svc");
  private static final Duration LIFE = Duration.ofDays(90);

  private final Authority authority = Authority.create("x", NOW);
  private final KeyMaterial good = authority.issue(NAMES, NOW, LIFE);

  private static void fails(Flaw flaw, ThrowingCallable check) {
    assertThatThrownBy(check)
        .isInstanceOfSatisfying(
            UnusableCertificateException.class, e -> assertThat(e.flaw()).isEqualTo(flaw));
  }

  private static KeyMaterial read(String certificate, String key, String authorities)
      throws UnusableCertificateException {
    return KeyMaterial.parse(certificate, key, authorities);
  }

  @Test
  void whatTheAuthorityIssuesIsGood() throws UnusableCertificateException {
    KeyMaterial read = read(good.certificateText(), good.keyText(), good.authoritiesText());

    assertThat(read).isEqualTo(good);
    Inspection.require(read, List.of("x.demo.svc", "X.demo.svc", "x-shard0-0.x-gvr.demo.svc"), NOW);
    assertThat(read.notAfter()).isEqualTo(NOW.plus(LIFE));
    assertThat(Authority.parse(authority.certificateText(), authority.keyText(), NOW))
        .isEqualTo(authority);
  }

  @Test
  void itEndsWithItsAuthority() {
    assertThat(authority.issue(NAMES, NOW, Duration.ofDays(5000)).notAfter())
        .isEqualTo(authority.notAfter());
  }

  @Test
  void textAroundItAndItsLineBreaksDoNotMatter() throws UnusableCertificateException {
    String certificate = "subject=x\n" + good.certificateText().replace("\n", "\r\n") + "\n\n";
    KeyMaterial read = read(certificate, "\n" + good.keyText().strip(), good.authoritiesText());

    assertThat(read.certificateText()).isEqualTo(good.certificateText());
    Inspection.require(read, List.of(), NOW);
  }

  @Test
  void eachPartIsNeeded() {
    String rubbish = "rubbish\n".repeat(130_000);
    fails(Flaw.MISSING, () -> read("", good.keyText(), good.authoritiesText()));
    fails(Flaw.MISSING, () -> read(good.certificateText(), " \n", good.authoritiesText()));
    fails(Flaw.MISSING, () -> read(good.certificateText(), good.keyText(), ""));
    fails(Flaw.UNREADABLE, () -> read(rubbish, good.keyText(), good.authoritiesText()));
    fails(Flaw.UNREADABLE, () -> read("\0\0", good.keyText(), good.authoritiesText()));
    fails(
        Flaw.UNREADABLE,
        () -> read(good.certificateText(), good.certificateText(), good.authoritiesText()));
    fails(
        Flaw.UNREADABLE,
        () ->
            read(good.certificateText(), good.keyText(), good.authoritiesText().substring(0, 99)));
    fails(
        Flaw.UNREADABLE,
        () ->
            read(
                good.certificateText().replace("MII", "AAA"),
                good.keyText(),
                good.authoritiesText()));
  }

  @Test
  void aKeyWithAPassphraseIsNamed() {
    String locked =
        """
        -----BEGIN RSA PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF

        AAAA
        -----END RSA PRIVATE KEY-----
        """;

    fails(Flaw.UNUSABLE_KEY, () -> read(good.certificateText(), locked, good.authoritiesText()));
  }

  @Test
  void theKeyMustBeItsOwn() {
    KeyMaterial other = authority.issue(NAMES, NOW, LIFE);

    fails(
        Flaw.KEY_MISMATCH,
        () ->
            Inspection.require(
                new KeyMaterial(good.chain(), other.key(), good.authorities()), List.of(), NOW));
  }

  @Test
  void itHasItsTime() {
    fails(Flaw.EXPIRED, () -> Inspection.require(good, List.of(), NOW.plus(LIFE).plusSeconds(1)));
    fails(
        Flaw.NOT_YET_VALID,
        () -> Inspection.require(good, List.of(), NOW.minus(Duration.ofHours(2))));
  }

  @Test
  void itsAuthorityMustBeThere() throws UnusableCertificateException {
    Authority other = Authority.create("x", NOW);
    KeyMaterial wrong = new KeyMaterial(good.chain(), good.key(), List.of(other.certificate()));

    fails(Flaw.WRONG_AUTHORITY, () -> Inspection.require(wrong, List.of(), NOW));
    fails(
        Flaw.WRONG_AUTHORITY,
        () ->
            Inspection.require(
                new KeyMaterial(good.chain(), good.key(), good.chain()), List.of(), NOW));
    Inspection.require(wrong.trusting(good.authorities()), List.of(), NOW);
  }

  @Test
  void itsNamesAreThoseThatClientsLookFor() {
    fails(
        Flaw.NAME_MISSING,
        () -> Inspection.require(good, List.of("x.demo.svc", "redis.example.com"), NOW));
    fails(Flaw.NAME_MISSING, () -> Inspection.require(good, List.of("a.b.x-gvr.demo.svc"), NOW));
  }

  @Test
  void nothingSecretIsPrinted() {
    assertThat(good.toString()).hasSizeLessThan(90).doesNotContain("PRIVATE");
    assertThat(authority.toString()).hasSizeLessThan(90).doesNotContain("PRIVATE");
  }
}
