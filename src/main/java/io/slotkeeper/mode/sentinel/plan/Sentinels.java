package io.slotkeeper.mode.sentinel.plan;

import io.slotkeeper.mode.standalone.plan.Electorate;
import io.slotkeeper.model.Finding;
import io.slotkeeper.model.Finding.Kind;
import io.slotkeeper.model.PodState;
import io.slotkeeper.model.PodState.Trouble;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.SentinelMember;
import io.slotkeeper.observe.ServerAnswer;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.SentinelCommand;
import io.slotkeeper.plan.SentinelHealth;
import io.slotkeeper.plan.SentinelPolicy;
import io.slotkeeper.plan.SentinelRef;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.sentinel.SentinelSnapshot.Monitored;
import io.slotkeeper.resources.Ports;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Sentinels of a Redis. A term of the operator is an epoch of theirs: what the operator records
 * and announces wins over older elections of theirs, and a newer one of theirs is recorded.
 */
final class Sentinels implements Electorate {
  private final SentinelPolicy policy;
  private final ClusterView view;
  private final List<Sentinel> answering;

  Sentinels(SentinelPolicy policy, ClusterView view) {
    this.policy = policy;
    this.view = view;
    answering = view.sentinels().stream().flatMap(Sentinel::of).toList();
  }

  /** While one of them elects, it knows the new epoch before the new address. */
  private Stream<Monitored> decided() {
    return monitored().filter(seen -> !seen.electing());
  }

  private Stream<Monitored> monitored() {
    return answering.stream().flatMap(sentinel -> sentinel.monitored().stream());
  }

  @Override
  public Optional<Choice> choice(long term) {
    return decided()
        .filter(seen -> seen.epoch() > term)
        .max(Comparator.comparingLong(Monitored::epoch))
        .flatMap(seen ->
            memberAt(seen)
                .map(at -> new Choice(at.pod().name(), seen.ip(), seen.epoch(), hasEnded(at)))
                .or(() -> podOf(seen).map(pod -> new Choice(pod, seen.ip(), seen.epoch(), true))));
  }

  private Optional<Member> memberAt(Monitored seen) {
    return view.members().stream()
        .filter(member -> seen.isAt(String.valueOf(member.pod().ip()), Ports::isOfServer))
        .findFirst();
  }

  /** A process that was elected was a master: this is another one, or none. */
  private static boolean hasEnded(Member member) {
    return member.pod().container() != PodState.Container.RUNNING
        || switch (member.answer()) {
          case ServerAnswer.Answered(NodeSnapshot server) -> !server.isMaster();
          case ServerAnswer.Failed failed -> failed.hasEnded();
          case ServerAnswer.NoAddress _ -> true;
        };
  }

  /** Where that process was when the operator last saw it. */
  private Optional<String> podOf(Monitored seen) {
    return view.remembered().members().entrySet().stream()
        .filter(member -> member.getValue().value().equals(seen.runId()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  @Override
  public long lastTerm() {
    return monitored().mapToLong(seen -> Math.max(seen.epoch(), seen.votes())).max().orElse(0);
  }

  @Override
  public boolean contradicts(ServerRef primary, long term) {
    return decided()
        .anyMatch(seen -> seen.epoch() >= term && !seen.isAt(primary.ip(), Ports::isOfServer));
  }

  @Override
  public List<Action> announcements(ServerRef primary, long term) {
    List<Action> actions = new ArrayList<>();
    for (Sentinel sentinel : answering) {
      Optional<Monitored> seen = sentinel.monitored();
      if (seen.isEmpty()) {
        actions.add(sentinel.sent(monitor(sentinel, primary, term, false)));
        continue;
      }
      List<Sentinel> others = others(sentinel);
      if (others.isEmpty()) {
        // Without another to speak for, there is no hello. Its epoch can wait; clients cannot.
        if (!seen.get().isAt(primary.ip(), Ports::isOfServer)) {
          actions.add(sentinel.sent(monitor(sentinel, primary, term, true)));
        }
      } else if (!knows(seen.get(), primary, term) || !sentinel.knowsAll(others)) {
        actions.add(
            sentinel.sent(
                new SentinelCommand.Announce(policy.masterName(), primary, term, refs(others))));
      }
      SentinelSettings.missing(policy, seen.get())
          .map(settings -> new SentinelCommand.Configure(policy.masterName(), settings))
          .map(sentinel::sent)
          .ifPresent(actions::add);
    }
    for (Sentinel sentinel : answering) {
      sentinel.snapshot().others().stream()
          .sorted()
          .map(name -> sentinel.sent(new SentinelCommand.Unmonitor(name)))
          .forEach(actions::add);
    }
    return actions;
  }

  private SentinelCommand monitor(Sentinel sentinel, ServerRef primary, long term, boolean again) {
    return new SentinelCommand.Monitor(
        policy.masterName(),
        primary,
        term,
        policy.quorum(),
        SentinelSettings.wanted(policy),
        refs(others(sentinel)),
        again);
  }

  private static boolean knows(Monitored seen, ServerRef primary, long term) {
    return seen.isAt(primary.ip(), Ports::isOfServer) && seen.epoch() >= term;
  }

  private List<Sentinel> others(Sentinel self) {
    return answering.stream()
        .filter(other -> !other.equals(self) && other.ordinal() < policy.sentinels())
        .toList();
  }

  private static List<SentinelRef> refs(List<Sentinel> sentinels) {
    return sentinels.stream().map(Sentinel::ref).toList();
  }

  /**
   * Sentinels remember each server and each Sentinel that they ever saw, and need the votes of most
   * of the latter. One that remembers what is gone learns again what there is: one at a time, and
   * only while all others agree.
   */
  @Override
  public List<Action> upkeep(ServerRef primary, long term) {
    boolean all = health(Optional.of(primary), term).filter(SentinelHealth::complete).isPresent();
    return answering.stream()
        .filter(_ -> all)
        .filter(sentinel -> remembersWhatIsGone(sentinel, primary))
        .limit(1)
        .map(sentinel -> sentinel.sent(monitor(sentinel, primary, term, true)))
        .toList();
  }

  /** What the primary still lists, it would learn again. */
  private boolean remembersWhatIsGone(Sentinel sentinel, ServerRef primary) {
    Monitored seen = sentinel.monitored().orElseThrow();
    Set<String> servers =
        view.members().stream()
            .map(member -> member.pod().ip())
            .filter(Objects::nonNull)
            .flatMap(ip -> Stream.of(ip + ":" + Ports.CLIENT, ip + ":" + Ports.CLIENT_TLS))
            .collect(Collectors.toSet());
    servers.addAll(listedBy(primary));
    Set<String> ids = answering.stream().map(other -> other.ref().id()).collect(Collectors.toSet());
    return !servers.containsAll(seen.replicas())
        || seen.peers().stream().anyMatch(peer -> !ids.contains(peer.id()));
  }

  private List<String> listedBy(ServerRef primary) {
    return view.members().stream()
        .filter(member -> member.pod().uid().equals(primary.podUid()))
        .flatMap(member -> member.snapshot().stream())
        .flatMap(seen -> seen.replication().replicas().stream())
        .map(copy -> copy.ip() + ":" + copy.port())
        .toList();
  }

  @Override
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    List<SentinelMember> wanted =
        view.sentinels().stream().filter(s -> s.pod().ordinal() < policy.sentinels()).toList();
    for (SentinelMember member : wanted) {
      if (member.snapshot().isEmpty() && !member.pod().terminating()) {
        findings.add(new Finding(Kind.SENTINEL_DOWN, silent(member)));
      }
    }
    answering.stream()
        .filter(sentinel -> sentinel.monitored().filter(Monitored::refused).isPresent())
        .map(sentinel -> new Finding(Kind.SENTINEL_DOWN, refused(sentinel)))
        .forEach(findings::add);
    int missing = policy.sentinels() - wanted.size();
    if (missing > 0) {
      findings.add(
          new Finding(
              Kind.SENTINEL_DOWN,
              "Pods of Sentinels that do not exist yet: %d.".formatted(missing)));
    }
    return findings;
  }

  private static String refused(Sentinel sentinel) {
    return "The Sentinel in pod %s gets only errors from the server at %s: it is sent the password again."
        .formatted(sentinel.ref().pod(), sentinel.monitored().orElseThrow().ip());
  }

  private static String silent(SentinelMember member) {
    String pod = member.pod().name();
    Trouble trouble = member.pod().trouble();
    return trouble == null
        ? "The Sentinel in pod %s does not answer: %s.".formatted(pod, member.silence())
        : "Pod %s: %s%s"
            .formatted(pod, trouble.message(), trouble.message().endsWith(".") ? "" : ".");
  }

  @Override
  public Optional<SentinelHealth> health(Optional<ServerRef> primary, long term) {
    List<Sentinel> agreeing =
        answering.stream()
            .filter(sentinel -> sentinel.ordinal() < policy.sentinels())
            .filter(sentinel ->
                primary.isPresent()
                    && sentinel
                        .monitored()
                        .filter(seen -> knows(seen, primary.get(), term))
                        .isPresent())
            .toList();
    return Optional.of(
        new SentinelHealth(
            policy.masterName(),
            policy.sentinels(),
            agreeing.size(),
            policy.majority(),
            agreeing.stream().anyMatch(Sentinel::ready)));
  }
}
