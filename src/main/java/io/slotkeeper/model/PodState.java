package io.slotkeeper.model;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One pod of a Redis, as the API server reports it.
 *
 * @param ip null until the pod's network exists
 * @param node the Kubernetes node it was scheduled to, null before that
 * @param terminating its deletion has been asked for
 * @param ready its readiness probe passes
 * @param container what the kubelet last said of the container {@code redis}
 * @param trouble why it does not start, null where nothing is wrong
 * @param resourceVersion changes with every change of the object
 * @param revision of the template it was created from ({@code controller-revision-hash})
 * @param started the container {@code redis} has run, so the pod may hold data
 * @param runningSince by the clock of its Kubernetes node; null where the container does not run
 * @param scheduling what it demands of its Kubernetes node
 * @param whole the pod is Ready: every container of it, and every readiness gate
 * @param role what its label says
 * @param reads what its label says: it serves reads
 * @param probes when its readiness probe was brought forward ({@link
 *     io.slotkeeper.plan.ReadinessProbes})
 */
public record PodState(
    String name,
    String uid,
    int shard,
    int ordinal,
    @Nullable String ip,
    @Nullable String node,
    Instant createdAt,
    boolean terminating,
    boolean ready,
    Container container,
    @Nullable Trouble trouble,
    String resourceVersion,
    @Nullable String revision,
    boolean started,
    @Nullable Instant runningSince,
    boolean whole,
    SchedulingConstraints scheduling,
    PodRole role,
    boolean reads,
    AttemptHistory probes) {

  /** The same with another role. */
  public PodState withRole(PodRole other) {
    return labelled(other, reads);
  }

  /** The same, labelled as one that serves reads, or not. */
  public PodState withReads(boolean readable) {
    return labelled(role, readable);
  }

  private PodState labelled(PodRole other, boolean readable) {
    return new PodState(
        name,
        uid,
        shard,
        ordinal,
        ip,
        node,
        createdAt,
        terminating,
        ready,
        container,
        trouble,
        resourceVersion,
        revision,
        started,
        runningSince,
        whole,
        scheduling,
        other,
        readable,
        probes);
  }

  public PodState(
      String name,
      String uid,
      int shard,
      int ordinal,
      @Nullable String ip,
      @Nullable String node,
      Instant createdAt,
      boolean terminating,
      boolean ready,
      Container container,
      @Nullable Trouble trouble) {
    this(
        name,
        uid,
        shard,
        ordinal,
        ip,
        node,
        createdAt,
        terminating,
        ready,
        container,
        trouble,
        "",
        null,
        container != Container.WAITING,
        container == Container.RUNNING ? createdAt : null,
        ready,
        SchedulingConstraints.ANYWHERE,
        PodRole.NONE,
        false,
        AttemptHistory.NONE);
  }

  public PodState(
      String name,
      String uid,
      int shard,
      int ordinal,
      @Nullable String ip,
      @Nullable String node,
      Instant createdAt,
      boolean terminating,
      boolean ready,
      Container container,
      @Nullable Trouble trouble,
      String resourceVersion,
      @Nullable String revision,
      boolean started,
      boolean whole) {
    this(
        name,
        uid,
        shard,
        ordinal,
        ip,
        node,
        createdAt,
        terminating,
        ready,
        container,
        trouble,
        resourceVersion,
        revision,
        started,
        container == Container.RUNNING ? createdAt : null,
        whole,
        SchedulingConstraints.ANYWHERE,
        PodRole.NONE,
        false,
        AttemptHistory.NONE);
  }

  /** The state of a container ({@code status.containerStatuses[].state}). */
  public enum Container {
    WAITING,
    RUNNING,
    TERMINATED
  }

  /** Why a pod does not come up, in the words of Kubernetes. */
  public record Trouble(Kind kind, String message) {
    public enum Kind {
      /** It fits no node ({@code PodScheduled=False}). */
      UNSCHEDULABLE,
      /** The image cannot be pulled ({@code ErrImagePull}, {@code ImagePullBackOff}, …). */
      IMAGE,
      /** The server ends again and again ({@code CrashLoopBackOff}). */
      CRASHING,
      /** The kubelet does not run it ({@code Evicted}, {@code UnexpectedAdmissionError}, …). */
      REJECTED,
      /** A Secret or ConfigMap it refers to is missing ({@code CreateContainerConfigError}). */
      CONFIG,
      /** It last ended because it used more memory than it may ({@code OOMKilled}). */
      OUT_OF_MEMORY
    }
  }

  /** When its server started, as far as is known; the pod was created before that. */
  public Instant startedAt() {
    return Objects.requireNonNullElse(runningSince, createdAt);
  }
}
