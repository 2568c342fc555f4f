package io.slotkeeper.livesettings;

import io.slotkeeper.execute.Executor;
import io.slotkeeper.execute.Outcome;
import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.Handshakes;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.resources.ServedCertificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps running servers at the certificate of their Secret: each that presents another reads its
 * files again. What is remembered here only saves handshakes.
 *
 * <p>A handshake does not show whom a server trusts. The kubelet swaps all files at once, so one
 * that has been seen to change its certificate has read the authorities, too. Where the certificate
 * stays, the files are read again once the kubelet has certainly swapped them.
 */
public final class LiveCertificates {
  /** By then the kubelet has read a changed Secret, even one that was not told. */
  static final Duration SWAPPED = Duration.ofMinutes(2);

  private static final Duration LOOK_AGAIN = Duration.ofMinutes(10);

  private final Handshakes handshakes;
  private final Executor executor;
  private final Fanout fanout;
  private final InstantSource clock;

  /** By the uid of the Redis. */
  private final Map<String, Known> memories = new ConcurrentHashMap<>();

  /**
   * What is known of the servers of one Redis.
   *
   * @param settled when each was as wanted, by the uid of its pod
   * @param stale those that were seen with another certificate, or not seen
   */
  private record Known(
      ServedCertificate wanted, Map<String, Instant> settled, Set<String> stale, boolean taken) {}

  /** One server, and what it presents; empty where it presents nothing. */
  private record Presented(ServerRef ref, Instant started, Optional<String> fingerprint) {}

  /**
   * @param served how many servers present the certificate
   * @param moved something changed: the next step can follow at once
   */
  public record Result(List<Outcome> outcomes, int served, boolean moved) {
    public static final Result NONE = new Result(List.of(), 0, false);
  }

  public LiveCertificates(
      Handshakes handshakes, Executor executor, Fanout fanout, InstantSource clock) {
    this.handshakes = handshakes;
    this.executor = executor;
    this.fanout = fanout;
    this.clock = clock;
  }

  /** Has each server that answers read its files again, where it must. */
  public Result keep(RedisRef ref, ClusterView view, ServedCertificate wanted) {
    Instant now = clock.instant();
    Known before =
        Optional.ofNullable(memories.get(ref.uid()))
            .filter(known -> known.wanted().equals(wanted))
            .orElseGet(() -> new Known(wanted, Map.of(), Set.of(), false));
    Map<String, Instant> settled = new ConcurrentHashMap<>();
    Set<String> stale = ConcurrentHashMap.newKeySet();
    List<Presented> asked =
        fanout.map(view.members(), member -> look(ref, member, before, now, settled)).stream()
            .flatMap(Optional::stream)
            .toList();
    String fingerprint = wanted.material().fingerprint();
    boolean swapped = !now.isBefore(wanted.changed().plus(SWAPPED));
    List<Action> due =
        asked.stream()
            .filter(one -> !settles(one, fingerprint, before, settled, stale, now))
            .<Action>map(one -> new Action.ReloadCertificate(one.ref()))
            .toList();
    List<Outcome> outcomes = due.isEmpty() ? List.of() : executor.execute(ref, List.of(due));
    int served =
        settled.size()
            + (int)
                asked.stream()
                    .filter(one -> !settled.containsKey(one.ref().podUid()))
                    .filter(one -> one.fingerprint().filter(fingerprint::equals).isPresent())
                    .count();
    if (swapped) {
      // The same certificate, and files that are certainly the new ones.
      outcomes.stream()
          .filter(Outcome.Done.class::isInstance)
          .map(done -> ((Action.ReloadCertificate) done.action()).node().podUid())
          .filter(uid -> presents(asked, uid, fingerprint))
          .forEach(uid -> settled.put(uid, now));
    }
    boolean complete =
        !settled.isEmpty()
            && view.members().stream()
                .filter(member -> member.pod().ip() != null)
                .allMatch(member -> settled.containsKey(member.pod().uid()));
    memories.put(ref.uid(), new Known(wanted, Map.copyOf(settled), Set.copyOf(stale), complete));
    return new Result(outcomes, served, complete != before.taken());
  }

  private static boolean presents(List<Presented> asked, String podUid, String fingerprint) {
    return asked.stream()
        .filter(one -> one.ref().podUid().equals(podUid))
        .anyMatch(one -> one.fingerprint().filter(fingerprint::equals).isPresent());
  }

  /** Empty where it need not be asked, or does not answer. */
  private Optional<Presented> look(
      RedisRef ref, Member member, Known before, Instant now, Map<String, Instant> settled) {
    String ip = member.pod().ip();
    Optional<NodeSnapshot> seen = member.snapshot();
    if (ip == null || seen.isEmpty()) {
      return Optional.empty();
    }
    Instant last = before.settled().get(member.pod().uid());
    if (last != null && now.isBefore(last.plus(LOOK_AGAIN))) {
      settled.put(member.pod().uid(), last);
      return Optional.empty();
    }
    return Optional.of(
        new Presented(
            ServerRef.of(member, seen.get()),
            member.pod().startedAt(),
            handshakes.presented(ip, ref.port())));
  }

  /** Whether it is as wanted, and nothing is to be done. */
  private static boolean settles(
      Presented one,
      String fingerprint,
      Known before,
      Map<String, Instant> settled,
      Set<String> stale,
      Instant now) {
    String uid = one.ref().podUid();
    if (!Objects.equals(one.fingerprint().orElse(null), fingerprint)) {
      stale.add(uid);
      return false;
    }
    boolean startedWithIt = one.started().isAfter(before.wanted().changed());
    if (startedWithIt || before.stale().contains(uid) || before.settled().containsKey(uid)) {
      settled.put(uid, now);
      return true;
    }
    return false;
  }

  /** When last asked, all servers that run had read these files. */
  public boolean isTaken(String redisUid, ServedCertificate wanted) {
    Known known = memories.get(redisUid);
    return known != null && known.taken() && known.wanted().equals(wanted);
  }

  /** Forgets what is gone. */
  public void retain(Set<String> redisUids) {
    memories.keySet().retainAll(redisUids);
  }
}
