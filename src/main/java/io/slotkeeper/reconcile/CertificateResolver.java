package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.Tls;
import io.slotkeeper.api.TlsStatus;
import io.slotkeeper.certificates.Authority;
import io.slotkeeper.certificates.Inspection;
import io.slotkeeper.certificates.KeyMaterial;
import io.slotkeeper.certificates.UnusableCertificateException;
import io.slotkeeper.kubernetes.OwnedObjects;
import io.slotkeeper.kubernetes.TlsSecrets;
import io.slotkeeper.livesettings.LiveCertificates;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.redis.Trust;
import io.slotkeeper.resources.AuthoritySecret;
import io.slotkeeper.resources.Names;
import io.slotkeeper.resources.Owner;
import io.slotkeeper.resources.ResolvedSpec;
import io.slotkeeper.resources.SecretText;
import io.slotkeeper.resources.ServedCertificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which certificate a Redis asks for, and which one its servers have. */
public final class CertificateResolver {
  /** A certificate of the user's own with less time left than this should have been renewed. */
  private static final Duration LATE = Duration.ofDays(14);

  /** Of a Sentinel's pod: when the certificate that it started with was put into its Secret. */
  private static final String MARK = Redis.GROUP + "/certificate";

  private final TlsSecrets secrets;
  private final LiveCertificates live;
  private final InstantSource clock;

  /** Whom servers trusted last, by the uid of the Redis: the Secret may be deleted. */
  private final Map<String, Trust> trusts = new ConcurrentHashMap<>();

  public CertificateResolver(TlsSecrets secrets, LiveCertificates live, InstantSource clock) {
    this.secrets = secrets;
    this.live = live;
    this.clock = clock;
  }

  /**
   * @param stored what servers mount now; empty where there is none
   * @param next what they are to mount; empty where there is none that they can use
   * @param authority the one that has issued it, where it is ours
   * @param trust null where connections are not encrypted
   */
  record Found(
      Optional<ServedCertificate> stored,
      Optional<ServedCertificate> next,
      Optional<Authority> authority,
      @Nullable Trust trust) {
    static final Found NONE = new Found(Optional.empty(), Optional.empty(), Optional.empty(), null);

    /** Whom clients are to trust, in PEM; empty where connections are not encrypted. */
    String authorities() {
      return next.map(certificate -> certificate.material().authoritiesText()).orElse("");
    }

    /** The Secrets. */
    List<HasMetadata> objects(ResolvedSpec redis) {
      return Stream.<Optional<HasMetadata>>of(
              authority.map(ours -> AuthoritySecret.of(redis, ours)),
              next.map(certificate -> certificate.secret(redis)))
          .flatMap(Optional::stream)
          .toList();
    }

    /** Sentinels do not read their files again: where these change, new pods do. */
    StatefulSet marked(StatefulSet sentinels) {
      return next.map(certificate ->
              new StatefulSetBuilder(sentinels)
                  .editSpec()
                  .editTemplate()
                  .editMetadata()
                  .addToAnnotations(MARK, certificate.changed().toString())
                  .endMetadata()
                  .endTemplate()
                  .endSpec()
                  .build())
          .orElse(sentinels);
    }

    /** For the status; null where connections are not encrypted. */
    @Nullable TlsStatus status(int served, int servers) {
      return stored
          .map(certificate ->
              new TlsStatus(
                  certificate.material().notAfter().toString(),
                  certificate.material().leaf().getSerialNumber().toString(16),
                  served + "/" + servers))
          .orElse(null);
    }
  }

  /** The Secrets that have the names of those that the operator makes. */
  List<Secret> secrets(Redis redis) {
    return secrets.secrets(redis);
  }

  /** They have changed. */
  void reread(Redis redis) {
    secrets.reread(redis);
  }

  /** Where the spec cannot be resolved: what is there stays. */
  Found ofRunning(Redis redis) {
    Optional<ServedCertificate> stored =
        secrets.secrets(redis).stream()
            .filter(Owner.of(redis)::isTlsSecret)
            .findFirst()
            .flatMap(ServedCertificate::in);
    return new Found(
        stored,
        Optional.empty(),
        Optional.empty(),
        stored
            .map(certificate -> new Trust(certificate.material().authoritiesText()))
            .orElse(trusts.get(uid(redis))));
  }

  /**
   * @param problems gets what keeps servers from starting
   * @param warnings gets what is wrong while those that run go on
   */
  Found find(Redis redis, OwnedObjects owned, List<Problem> problems, List<Problem> warnings) {
    Tls tls = redis.getSpec().effectiveTls();
    if (!tls.mode().encrypts()) {
      return Found.NONE;
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Optional<ServedCertificate> stored = owned.tlsSecret().flatMap(ServedCertificate::in);
    Optional<Authority> authority =
        tls.secretRef() == null ? Optional.of(authority(redis, owned, tls, now)) : Optional.empty();
    Optional<KeyMaterial> source = Optional.empty();
    try {
      source =
          Optional.of(
              authority.isPresent()
                  ? issued(redis, tls, authority.get(), stored, now)
                  : referred(redis, tls, now));
    } catch (UnusableCertificateException e) {
      Problem problem = problem(tls, e, stored);
      (stored.isPresent() ? warnings : problems).add(problem);
    }
    boolean taken =
        !RunningState.hasServers(owned)
            || stored.filter(certificate -> live.isTaken(uid(redis), certificate)).isPresent();
    Optional<ServedCertificate> next =
        source.map(wanted -> ServedCertificates.next(stored, wanted, taken, now)).or(() -> stored);
    next.filter(certificate -> tls.secretRef() != null && isLate(certificate, now))
        .ifPresent(certificate -> warnings.add(late(tls, certificate)));
    return new Found(stored, next, authority, trust(redis, stored, next));
  }

  /** Those of the servers, whichever of the two they have, and those that they had. */
  private @Nullable Trust trust(
      Redis redis, Optional<ServedCertificate> stored, Optional<ServedCertificate> next) {
    Optional<KeyMaterial> known = stored.or(() -> next).map(ServedCertificate::material);
    if (known.isEmpty()) {
      return trusts.get(uid(redis));
    }
    Trust now = new Trust(known.get().authoritiesText());
    if (stored.isPresent()) {
      trusts.put(uid(redis), now);
      return now;
    }
    // The Secret is gone, and servers still have what was in it.
    Trust before = trusts.get(uid(redis));
    return before == null ? now : new Trust(before.authorities() + now.authorities());
  }

  private static Authority authority(Redis redis, OwnedObjects owned, Tls tls, Instant now) {
    Instant needed = now.plus(tls.effectiveCertificate().life());
    return owned
        .authoritySecret()
        .flatMap(secret -> AuthoritySecret.in(secret, now))
        .filter(authority -> authority.notAfter().isAfter(needed))
        .orElseGet(() -> Authority.create(redis.getMetadata().getName(), now));
  }

  /** The present one while it is good for long enough. */
  private static KeyMaterial issued(
      Redis redis, Tls tls, Authority authority, Optional<ServedCertificate> stored, Instant now) {
    List<String> names = names(redis, tls);
    return stored
        .map(certificate ->
            new KeyMaterial(
                certificate.material().chain(),
                certificate.material().key(),
                List.of(authority.certificate())))
        .filter(present ->
            isGood(present, names, now)
                && present.notAfter().isAfter(now.plus(tls.effectiveCertificate().reserve())))
        .orElseGet(() -> authority.issue(names, now, tls.effectiveCertificate().life()));
  }

  private static boolean isGood(KeyMaterial present, List<String> names, Instant now) {
    try {
      Inspection.require(present, names, now);
      return true;
    } catch (UnusableCertificateException e) {
      return false;
    }
  }

  private KeyMaterial referred(Redis redis, Tls tls, Instant now)
      throws UnusableCertificateException {
    Optional<Secret> secret = secrets.referred(redis, reference(tls));
    KeyMaterial source = SecretText.material(secret.orElseGet(Secret::new));
    List<String> names = new ArrayList<>(tls.extraNames());
    names.add(host(redis));
    Inspection.require(source, names, now);
    return source;
  }

  private static String reference(Tls tls) {
    return Objects.requireNonNull(tls.secretRef()).name();
  }

  /** By which clients, and servers among themselves, reach a server. */
  private static List<String> names(Redis redis, Tls tls) {
    Names names = new Names(redis.getMetadata().getName());
    List<String> all = new ArrayList<>();
    all.add(host(redis));
    String namespace = "." + redis.getMetadata().getNamespace();
    for (String service :
        List.of(
            names.clientService(),
            names.replicasService(),
            names.sentinels(),
            "*." + names.governingService())) {
      for (String end :
          List.of("", namespace, namespace + ".svc", namespace + ".svc.cluster.local")) {
        all.add(service + end);
      }
    }
    all.addAll(tls.extraNames());
    all.add("localhost");
    return all.stream().distinct().toList();
  }

  private static String host(Redis redis) {
    return redis.getMetadata().getName() + "." + redis.getMetadata().getNamespace() + ".svc";
  }

  private static Problem problem(
      Tls tls, UnusableCertificateException e, Optional<ServedCertificate> stored) {
    String rest =
        stored.isPresent()
            ? "Servers go on with the last one, which ends at %s."
                .formatted(stored.get().material().notAfter())
            : "No server starts without one.";
    return new Problem(
        Reason.CertificateInvalid,
        "spec.tls.secretRef names Secret %s, and servers do not get what is in it: %s. %s Correct the Secret: it is read again every few seconds."
            .formatted(reference(tls), e.getMessage(), rest));
  }

  private static boolean isLate(ServedCertificate certificate, Instant now) {
    Instant begin = certificate.material().leaf().getNotBefore().toInstant();
    Duration quarter = Duration.between(begin, certificate.material().notAfter()).dividedBy(4);
    Duration late = quarter.compareTo(LATE) < 0 ? quarter : LATE;
    return now.isAfter(certificate.material().notAfter().minus(late));
  }

  private static Problem late(Tls tls, ServedCertificate certificate) {
    return new Problem(
        Reason.CertificateExpires,
        "The certificate that servers have ends at %s. Put a new one into Secret %s: servers take it up without a restart."
            .formatted(certificate.material().notAfter(), reference(tls)));
  }

  private static String uid(Redis redis) {
    return redis.getMetadata().getUid();
  }

  /** Forgets what is gone. */
  public void retain(Set<String> uids) {
    trusts.keySet().retainAll(uids);
    secrets.retain(uids);
  }
}
