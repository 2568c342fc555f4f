package io.slotkeeper.simulation;

/** One run of a server, from its start to its end: what Kubernetes and the network see of it. */
public abstract class ServerProcess {
  /** What a connection gets to hear. */
  public enum Phase {
    /** The start script holds it back: nothing listens. */
    GUARDED,
    LOADING,
    SERVING,
    ENDED
  }

  public final Pod pod;
  public final String ip;
  public final long startedAt;
  public Phase phase = Phase.LOADING;
  public long servingSince;

  private final Platform platform;
  private final Disk disk;

  protected ServerProcess(Platform platform, Pod pod, Disk disk, String ip) {
    this.platform = platform;
    this.pod = pod;
    this.disk = disk;
    this.ip = ip;
    startedAt = platform.now;
    disk.server = this;
  }

  /** It has loaded its data. */
  public void serve() {
    phase = Phase.SERVING;
    servingSince = platform.now;
  }

  /** The process is gone; what it wrote stays. */
  public void end() {
    phase = Phase.ENDED;
    disk.server = null;
  }

  /** After {@link #end}: it was killed, with whatever it had not written down. */
  protected abstract void killed();

  /** After {@link #end}: its machine has lost its power. */
  protected void powerFailed() {}

  public boolean serving() {
    return phase == Phase.SERVING;
  }

  /** What a connection gets to hear at this moment. */
  protected Phase shown() {
    return phase;
  }

  /** It is busy, and does not answer. */
  public boolean isStalled() {
    return false;
  }
}
