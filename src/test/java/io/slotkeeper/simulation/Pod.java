package io.slotkeeper.simulation;

import io.slotkeeper.model.PodRole;
import io.slotkeeper.model.PodState;
import io.slotkeeper.model.PodState.Container;
import io.slotkeeper.model.PodState.Trouble;
import io.slotkeeper.model.SchedulingConstraints;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A pod: what it is, and what the API server was last told of it. */
final class Pod {
  /** Whose it is. */
  enum Owner {
    OURS,
    /** Of another Redis in the same namespace. */
    OTHER
  }

  final Owner owner;
  final String name;
  final String uid;
  final int shard;
  final int ordinal;
  final long createdAt;

  @Nullable String ip;
  String node = "";
  @Nullable Volume volume;
  @Nullable Server server;
  Container container = Container.WAITING;
  boolean deleting;

  /** The process, the address and the volume are gone. */
  boolean over;

  /** The operator let it go; no fault did. */
  boolean unwanted;

  int restarts;

  /** What its label says. */
  PodRole role = PodRole.NONE;

  /** Its node does not report. */
  boolean unready;

  /** The kubelet gives up starting it: CrashLoopBackOff. */
  boolean crashing;

  /** The template that it was made of. */
  Templates.Template template = new Templates.Template(0, Templates.Kind.GOOD);

  /** Its server was started at least once. */
  boolean ran;

  /** When its server was started last. */
  private long runningSince;

  /** The operator deleted it. */
  boolean replaced;

  /** Nothing can be written to its disk. */
  boolean diskFull;

  private @Nullable String reportedIp;
  private Container reportedContainer = Container.WAITING;
  private boolean reportedRan;
  private long reportedSince;

  Pod(Owner owner, String name, String uid, int shard, int ordinal, long createdAt) {
    this.owner = owner;
    this.name = name;
    this.uid = uid;
    this.shard = shard;
    this.ordinal = ordinal;
    this.createdAt = createdAt;
  }

  static boolean isOurs(String name) {
    return !name.startsWith("other");
  }

  static int ordinal(String name) {
    return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
  }

  static int shard(String name) {
    return isOurs(name)
        ? Integer.parseInt(name.substring("x-shard".length(), name.lastIndexOf('-')))
        : 0;
  }

  static boolean isOf(String name, int shard) {
    return isOurs(name) && shard(name) == shard;
  }

  /** For a while nothing can be written. */
  void fillDisk(World world) {
    world.trace.add(world.now, () -> "FAULT the disk of " + name + " is full");
    diskFull = true;
    world.after(world.chance.between(2000, 20_000), () -> diskFull = false);
  }

  void run(long now) {
    container = Container.RUNNING;
    runningSince = now;
  }

  /** What the kubelet writes into the pod's status. */
  void report() {
    reportedIp = ip;
    reportedContainer = container;
    reportedRan = ran;
    reportedSince = runningSince;
  }

  /** A new one with every change of what is told. */
  String resourceVersion() {
    int hash =
        Objects.hash(reportedIp, deleting, reportedContainer, reportedRan, unready, crashing, role);
    return Integer.toHexString(hash);
  }

  private @Nullable Trouble trouble() {
    if (template.kind() == Templates.Kind.UNSCHEDULABLE) {
      return new Trouble(Trouble.Kind.UNSCHEDULABLE, "no node takes it.");
    }
    return crashing ? new Trouble(Trouble.Kind.CRASHING, "the server ends at once.") : null;
  }

  PodState view() {
    return new PodState(
        name,
        uid,
        shard,
        ordinal,
        reportedIp,
        reportedIp == null ? null : node,
        Instant.ofEpochMilli(createdAt),
        deleting,
        reportedContainer == Container.RUNNING && !unready,
        reportedContainer,
        trouble(),
        resourceVersion(),
        template.toString(),
        reportedRan,
        reportedContainer == Container.RUNNING ? Instant.ofEpochMilli(reportedSince) : null,
        reportedContainer == Container.RUNNING
            && !unready
            && template.kind() != Templates.Kind.SIDECAR,
        SchedulingConstraints.ANYWHERE,
        role,
        false);
  }
}
