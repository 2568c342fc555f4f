package io.slotkeeper.mode.sentinel.plan;

import io.slotkeeper.mode.standalone.plan.StandaloneViews;
import io.slotkeeper.model.PodState.Trouble;
import io.slotkeeper.model.SentinelPod;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.SentinelMember;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.SentinelCommand;
import io.slotkeeper.plan.SentinelPolicy;
import io.slotkeeper.redis.sentinel.Hello;
import io.slotkeeper.redis.sentinel.SentinelSnapshot;
import io.slotkeeper.redis.sentinel.SentinelSnapshot.Monitored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Servers, and three Sentinels at 10.0.1.n that know the server in pod 0 since term 4. */
final class SentinelViews {
  static final int SENTINELS = 3;
  static final long TERM = 4;

  final StandaloneViews servers;
  private final Map<Integer, SentinelMember> sentinels = new TreeMap<>();

  SentinelViews(StandaloneViews servers) {
    this.servers = servers;
    for (int i = 0; i < SENTINELS; i++) {
      knows(i, 0, TERM);
    }
  }

  /** A primary in pod 0 and a replica in pod 1. */
  static SentinelViews healthy() {
    return new SentinelViews(
        new StandaloneViews(1)
            .remembers(0, "a", TERM, 0, 1)
            .knows(1, "b")
            .master(0, "a", 5, StandaloneViews.LINE)
            .label(0, io.slotkeeper.model.PodRole.MASTER, false)
            .replica(1, "b", 0)
            .label(1, io.slotkeeper.model.PodRole.REPLICA, true));
  }

  static String id(int ordinal) {
    return Integer.toString(ordinal).repeat(40);
  }

  private static String ip(int ordinal) {
    return "10.0.1." + ordinal;
  }

  private static SentinelPod pod(int ordinal) {
    return new SentinelPod(
        "x-sentinel-" + ordinal,
        "sentinel-uid-" + ordinal,
        ordinal,
        ip(ordinal),
        false,
        true,
        null);
  }

  /** It knows this server since that epoch, and all other Sentinels. */
  SentinelViews knows(int ordinal, int server, long epoch) {
    return answers(ordinal, monitored(ordinal, StandaloneViews.ip(server), epoch), Set.of());
  }

  SentinelViews knowsStranger(int ordinal, String ip, long epoch) {
    return answers(ordinal, monitored(ordinal, ip, epoch), Set.of());
  }

  SentinelViews blank(int ordinal) {
    return answers(ordinal, null, Set.of());
  }

  SentinelViews changed(int ordinal, UnaryOperator<Monitored> change) {
    Monitored now =
        Objects.requireNonNull(sentinels.get(ordinal))
            .snapshot()
            .orElseThrow()
            .monitored()
            .orElseThrow();
    return answers(ordinal, change.apply(now), Set.of());
  }

  SentinelViews monitorsToo(int ordinal, String name) {
    return answers(ordinal, monitored(ordinal, StandaloneViews.ip(0), TERM), Set.of(name));
  }

  /** It answers, but its pod is not Ready: the Service does not lead to it. */
  SentinelViews unready(int ordinal) {
    SentinelMember member = Objects.requireNonNull(sentinels.get(ordinal));
    SentinelPod pod = member.pod();
    sentinels.put(
        ordinal,
        new SentinelMember(
            new SentinelPod(
                pod.name(), pod.uid(), ordinal, pod.ip(), pod.terminating(), false, null),
            member.snapshot(),
            member.silence()));
    return this;
  }

  SentinelViews silent(int ordinal) {
    sentinels.put(ordinal, new SentinelMember(pod(ordinal), Optional.empty(), "timeout"));
    return this;
  }

  /** It has no place yet. */
  SentinelViews unschedulable(int ordinal, String why) {
    SentinelPod pod =
        new SentinelPod(
            pod(ordinal).name(),
            pod(ordinal).uid(),
            ordinal,
            null,
            false,
            false,
            new Trouble(Trouble.Kind.UNSCHEDULABLE, why));
    sentinels.put(ordinal, new SentinelMember(pod, Optional.empty(), "it has no address yet"));
    return this;
  }

  SentinelViews missing(int ordinal) {
    sentinels.remove(ordinal);
    return this;
  }

  private SentinelViews answers(
      int ordinal, @org.jspecify.annotations.Nullable Monitored seen, Set<String> others) {
    sentinels.put(
        ordinal,
        new SentinelMember(
            pod(ordinal),
            Optional.of(new SentinelSnapshot(id(ordinal), Optional.ofNullable(seen), others)),
            ""));
    return this;
  }

  private static Monitored monitored(int ordinal, String ip, long epoch) {
    List<Hello.Peer> peers =
        IntStream.range(0, SENTINELS)
            .filter(other -> other != ordinal)
            .mapToObj(other -> new Hello.Peer(id(other), ip(other), 26379))
            .toList();
    return new Monitored(
        ip,
        6379,
        "",
        epoch,
        0,
        2,
        false,
        false,
        Map.of("down-after-milliseconds", "5000", "parallel-syncs", "1"),
        peers,
        List.of(StandaloneViews.ip(1) + ":6379"));
  }

  Plan plan() {
    ClusterView view = servers.view().withSentinels(new ArrayList<>(sentinels.values()));
    return SentinelPlanner.plan(
        servers.topology().withSentinels(new SentinelPolicy(SENTINELS, 2, "orders", Map.of())),
        view);
  }

  /** The pods whose servers are made primary. */
  List<String> promoted() {
    return plan().actions().stream()
        .filter(Action.Promote.class::isInstance)
        .map(action -> ((Action.Promote) action).node().pod())
        .toList();
  }

  <C extends SentinelCommand> Map<String, C> sent(Class<C> kind) {
    Map<String, C> sent = new TreeMap<>();
    for (Action action : plan().actions()) {
      if (action instanceof Action.TellSentinel told && kind.isInstance(told.command())) {
        sent.put(told.sentinel().pod(), kind.cast(told.command()));
      }
    }
    return sent;
  }
}
