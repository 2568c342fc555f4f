package io.slotkeeper.plan;

import io.slotkeeper.model.AttemptHistory;
import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.Member;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Brings the readiness probe forward where it would pass by now. The kubelet runs it when the
 * server starts, when a replica is rarely in sync yet, and then every 10 seconds. It also runs it
 * whenever a pod that is not Ready changes ({@code UpdatePodStatus} of its prober manager), and any
 * annotation will do. Without that, a new replica is Ready up to 10 seconds late, and so is each
 * step of a rolling update. Where it does not help, the next time comes after twice as long.
 */
public final class ReadinessProbes {
  /** Until then the kubelet has run the probe by itself. */
  private static final Duration START = Duration.ofSeconds(2);

  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /**
   * Longer than the longest pause: a probe that never passes is not brought forward often again.
   */
  private static final Duration MEMORY = Duration.ofMinutes(15);

  private ReadinessProbes() {}

  public static List<Action> plan(ModeModel model) {
    Instant now = model.view().at();
    return model.view().members().stream()
        .filter(member -> awaitsProbe(member.pod(), now))
        .filter(member -> member.snapshot().filter(ReadinessProbes::passes).isPresent())
        .flatMap(member -> trigger(member, now).stream())
        .toList();
  }

  private static boolean awaitsProbe(PodState pod, Instant now) {
    return pod.container() == PodState.Container.RUNNING
        && !pod.ready()
        && !pod.terminating()
        && pod.startedAt().plus(START).isBefore(now);
  }

  /** As the ready script has it. */
  private static boolean passes(NodeSnapshot server) {
    return server.replication().master() || server.replication().linkUp();
  }

  /** Each run of the container starts with a short pause again. */
  private static Optional<Action> trigger(Member member, Instant now) {
    PodState pod = member.pod();
    String run = pod.startedAt().toString();
    AttemptHistory probes = pod.probes().only(run);
    return probes.isDue(run, now, FIRST, LONGEST)
        ? Optional.of(new Action.TriggerProbe(pod.name(), pod.uid(), probes.with(run, now, MEMORY)))
        : Optional.empty();
  }
}
