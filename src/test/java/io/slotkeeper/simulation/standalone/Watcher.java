package io.slotkeeper.simulation.standalone;

import io.slotkeeper.simulation.Disk;
import io.slotkeeper.simulation.Pod;
import io.slotkeeper.simulation.ServerProcess;
import io.slotkeeper.simulation.sentinel.ModelSentinel;
import org.jspecify.annotations.Nullable;

/** A Sentinel in a container, from its start script on. */
final class Watcher extends ServerProcess {
  private final SentinelWorld world;
  private final String id;

  /** Null while the start script asks the others. */
  private @Nullable ModelSentinel sentinel;

  Watcher(SentinelWorld world, Pod pod, String ip) {
    super(world, pod, new Disk() {}, ip);
    this.world = world;
    // As the start script has it: from the name of the pod.
    id = Integer.toString(pod.ordinal).repeat(40);
    phase = Phase.GUARDED;
  }

  /**
   * @param learnsFrom one that knows the primary; null where none does
   */
  void begin(@Nullable ModelSentinel learnsFrom) {
    ModelSentinel begun = new ModelSentinel(new Wires(world, this), toString(), id, ip);
    if (learnsFrom != null) {
      begun.learn(learnsFrom, Watch.MASTER);
    }
    sentinel = begun;
    serve();
  }

  @Nullable ModelSentinel sentinel() {
    return serving() ? sentinel : null;
  }

  @Override
  public void end() {
    super.end();
    if (sentinel != null) {
      sentinel.kill();
    }
  }

  @Override
  protected void killed() {}

  @Override
  public String toString() {
    return pod.name + "/" + pod.uid + "." + pod.restarts;
  }
}
