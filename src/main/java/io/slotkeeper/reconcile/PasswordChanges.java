package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.slotkeeper.execute.Executor;
import io.slotkeeper.execute.Outcome;
import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.livesettings.LiveCertificates;
import io.slotkeeper.livesettings.LivePasswords;
import io.slotkeeper.model.Timestamps;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.SentinelPolicy;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.ServedCertificate;
import io.slotkeeper.resources.ServerPasswords;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Takes what runs on to the Secrets that it starts with: servers, Sentinels, files. */
public final class PasswordChanges {
  /**
   * After this the kubelet has read the Secret by itself: a pod that refuses its note is let be.
   */
  private static final Duration REFRESHING = Duration.ofMinutes(5);

  private final LivePasswords live;
  private final LiveCertificates certificates;
  private final Executor executor;
  private final InstantSource clock;

  /**
   * @param waiting why the new password is not used yet
   * @param again something changed: the next pass can go on at once
   * @param served how many servers present the certificate
   */
  public record Result(
      List<Outcome> outcomes, Optional<Problem> waiting, boolean again, int served) {
    public static final Result NONE = new Result(List.of(), Optional.empty(), false, 0);
  }

  public PasswordChanges(
      LivePasswords live, LiveCertificates certificates, Executor executor, InstantSource clock) {
    this.live = live;
    this.certificates = certificates;
    this.executor = executor;
    this.clock = clock;
  }

  /**
   * @param stored what the Secret had when this pass began, which logs in accordingly
   * @param certificate likewise; empty where there is none
   * @param pods of the servers and Sentinels
   * @param written the Secret has changed since
   */
  Result advance(
      RedisRef ref,
      ClusterView view,
      @Nullable SentinelPolicy policy,
      Optional<ServerPasswords> stored,
      Optional<ServedCertificate> certificate,
      Collection<Pod> pods,
      boolean written) {
    LivePasswords.Result told =
        stored
            .flatMap(ServerPasswords::accepted)
            .filter(_ -> ref.password() != null)
            .map(wanted -> live.keep(ref, view, policy == null ? "" : policy.masterName(), wanted))
            .orElse(LivePasswords.Result.NONE);
    List<Outcome> outcomes = new ArrayList<>(told.outcomes());
    LiveCertificates.Result presented =
        certificate
            .map(wanted -> certificates.keep(ref, view, wanted))
            .orElse(LiveCertificates.Result.NONE);
    outcomes.addAll(presented.outcomes());
    List<Action> refreshes =
        Stream.of(
                stored.flatMap(ServerPasswords::changed),
                certificate.map(ServedCertificate::changed))
            .flatMap(Optional::stream)
            .max(Comparator.naturalOrder())
            .map(at -> refreshes(pods, at))
            .orElse(List.of());
    if (!refreshes.isEmpty()) {
      outcomes.addAll(executor.execute(ref, List.of(refreshes)));
    }
    return new Result(
        outcomes,
        told.waiting()
            .filter(_ -> stored.flatMap(ServerPasswords::previous).isPresent())
            .map(why -> new Problem(Reason.ChangingPassword, why + ".")),
        told.moved() || presented.moved() || written,
        presented.served());
  }

  /** The pods whose kubelet does not know yet that the Secret has changed. */
  private List<Action> refreshes(Collection<Pod> pods, Instant changed) {
    if (clock.instant().isAfter(changed.plus(REFRESHING))) {
      return List.of();
    }
    String note = changed.toString();
    return pods.stream()
        .map(Pod::getMetadata)
        .filter(pod -> pod.getDeletionTimestamp() == null)
        .filter(pod -> !createdAt(pod).isAfter(changed))
        .filter(pod ->
            pod.getAnnotations() == null
                || !Objects.equals(note, pod.getAnnotations().get(Labels.REFRESH)))
        .<Action>map(pod -> new Action.RefreshFiles(pod.getName(), pod.getUid(), note))
        .toList();
  }

  private static Instant createdAt(ObjectMeta pod) {
    return Timestamps.parse(pod.getCreationTimestamp()).orElse(Instant.MIN);
  }
}
