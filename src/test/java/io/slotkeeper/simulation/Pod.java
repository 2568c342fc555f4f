package io.slotkeeper.simulation;

import io.slotkeeper.model.AttemptHistory;
import io.slotkeeper.model.PodRole;
import io.slotkeeper.model.PodState;
import io.slotkeeper.model.PodState.Container;
import io.slotkeeper.model.PodState.Trouble;
import io.slotkeeper.model.SchedulingConstraints;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A pod: what it is, and what the API server last heard of it. */
public final class Pod {
  /** Whose it is. */
  public enum Owner {
    OURS,
    /** Of another Redis in the same namespace. */
    OTHER
  }

  public final Owner owner;
  public final String name;
  public final String uid;
  public final int shard;
  public final int ordinal;
  public final long createdAt;

  public @Nullable String ip;
  public String node = "";
  public @Nullable Disk volume;
  public @Nullable ServerProcess server;
  public Container container = Container.WAITING;
  public boolean deleting;

  /** The process, the address and the volume are gone. */
  public boolean over;

  /** Its machine has no power. */
  boolean off;

  /** The operator let it go; no fault did. */
  public boolean unwanted;

  public int restarts;

  /** What its label says. */
  public PodRole role = PodRole.NONE;

  /** What its other label says: it serves reads. */
  public boolean reads;

  public String probes = "";

  /** What its readiness probe said last. */
  public boolean passing = true;

  /** Its node does not report. */
  public boolean unready;

  /** The kubelet gives up starting it: CrashLoopBackOff. */
  public boolean crashing;

  /** The template that it was made of. */
  public Templates.Template template = new Templates.Template(0, Templates.Kind.GOOD);

  /** Its server was started at least once. */
  public boolean ran;

  /** When its server was started last. */
  private long runningSince;

  /** The operator deleted it. */
  public boolean replaced;

  /** Nothing can be written to its disk. */
  public boolean diskFull;

  private @Nullable String reportedIp;
  private Container reportedContainer = Container.WAITING;
  private boolean reportedRan;
  private boolean reportedPassing = true;
  private long reportedSince;

  public Pod(Owner owner, String name, String uid, int shard, int ordinal, long createdAt) {
    this.owner = owner;
    this.name = name;
    this.uid = uid;
    this.shard = shard;
    this.ordinal = ordinal;
    this.createdAt = createdAt;
  }

  public static boolean isOurs(String name) {
    return !name.startsWith("other");
  }

  public static int ordinal(String name) {
    return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
  }

  public static int shard(String name) {
    return isOurs(name)
        ? Integer.parseInt(name.substring("x-shard".length(), name.lastIndexOf('-')))
        : 0;
  }

  public static boolean isOf(String name, int shard) {
    return isOurs(name) && shard(name) == shard;
  }

  /** For a while nothing can be written. */
  public void fillDisk(Platform world) {
    world.trace.add(world.now, () -> "FAULT the disk of " + name + " is full");
    diskFull = true;
    world.after(world.chance.between(2000, 20_000), () -> diskFull = false);
  }

  void run(long now) {
    container = Container.RUNNING;
    runningSince = now;
  }

  /** What the kubelet writes into the pod's status. */
  public void report() {
    reportedIp = ip;
    reportedContainer = container;
    reportedRan = ran;
    reportedPassing = passing;
    reportedSince = runningSince;
  }

  /** A new one with every change of what is reported. */
  String resourceVersion() {
    int hash =
        Objects.hash(
            reportedIp,
            deleting,
            reportedContainer,
            reportedRan,
            reportedPassing,
            unready,
            crashing,
            role,
            reads,
            probes);
    return Integer.toHexString(hash);
  }

  private @Nullable Trouble trouble() {
    if (template.kind() == Templates.Kind.UNSCHEDULABLE) {
      return new Trouble(Trouble.Kind.UNSCHEDULABLE, "no node takes it.");
    }
    return crashing ? new Trouble(Trouble.Kind.CRASHING, "the server ends at once.") : null;
  }

  public PodState view() {
    return new PodState(
        name,
        uid,
        shard,
        ordinal,
        reportedIp,
        reportedIp == null ? null : node,
        Instant.ofEpochMilli(createdAt),
        deleting,
        isReady(),
        reportedContainer,
        trouble(),
        resourceVersion(),
        template.toString(),
        reportedRan,
        reportedContainer == Container.RUNNING ? Instant.ofEpochMilli(reportedSince) : null,
        isReady() && template.kind() != Templates.Kind.SIDECAR,
        SchedulingConstraints.ANYWHERE,
        role,
        reads,
        AttemptHistory.parse(probes));
  }

  /** Its address, as the API server has it. */
  public @Nullable String reportedIp() {
    return reportedIp;
  }

  /** What the API server says. */
  public boolean isReady() {
    return reportedContainer == Container.RUNNING && reportedPassing && !unready;
  }
}
