package io.slotkeeper.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The volumes, and the claims by which pods get theirs again. */
public final class Claims {
  private final Platform world;
  private final Map<String, Disk> claims = new HashMap<>();
  private final List<Disk> volumes = new ArrayList<>();

  /** Those of pods that were let go: nothing counts on them, but they may come back. */
  private final Set<Disk> retired = new HashSet<>();

  /** Claims that are deleted once their pod is gone. */
  private final Set<String> doomed = new HashSet<>();

  /** Claims that the user has deleted: they go with their pods, and so does what is on them. */
  private final Set<String> terminating = new HashSet<>();

  private boolean foreign;

  Claims(Platform world) {
    this.world = world;
  }

  /** What a pod finds when it is scheduled; null if that is not to be had. */
  @Nullable Disk volumeFor(Pod pod) {
    if (world.scenario.durable()) {
      return claims.computeIfAbsent(pod.name, _ -> fresh(pod));
    }
    return pod.volume == null ? fresh(pod) : null;
  }

  private Disk fresh(Pod pod) {
    Disk volume = world.newDisk();
    if (pod.owner == Pod.Owner.OURS) {
      volumes.add(volume);
    }
    return volume;
  }

  void attached(Disk volume) {
    if (retired.remove(volume)) {
      volume.old = true;
      volumes.add(volume);
    }
  }

  public void retire(@Nullable Disk volume) {
    if (volume != null && volumes.remove(volume)) {
      retired.add(volume);
    }
  }

  void retire(Predicate<String> pods) {
    claims.forEach((name, volume) -> {
      if (pods.test(name)) {
        retire(volume);
      }
    });
  }

  /** They go with their pods, or at once where there is none. */
  public void doom(Predicate<String> pods) {
    claims.keySet().stream().filter(pods).forEach(doomed::add);
    List.copyOf(doomed).stream()
        .filter(name -> world.pods.pod(name) == null)
        .forEach(this::podGone);
  }

  /** By mistake. */
  public void delete(Predicate<String> pods) {
    for (String name : List.copyOf(claims.keySet())) {
      if (pods.test(name) && terminating.add(name)) {
        world.trace.add(world.now, () -> "FAULT the claim of " + name + " is deleted");
        if (world.pods.pod(name) == null) {
          podGone(name);
        }
      }
    }
    world.api.changed();
  }

  public boolean isTerminating(String pod) {
    return terminating.contains(pod) || doomed.contains(pod);
  }

  /** What the pod has is lost when it is deleted. */
  public boolean goesWith(Pod pod) {
    return !world.scenario.durable() || isTerminating(pod.name);
  }

  /**
   * Nothing that counts is on a doomed one: the ledger does not hear of it, and finds out if that
   * is not so.
   */
  public void podGone(String name) {
    if (terminating.remove(name)) {
      Disk volume = claims.remove(name);
      world.api.unmark(name);
      world.api.changed();
      if (volumes.remove(volume)) {
        world.destroyed("claim of " + name);
      }
    }
    if (doomed.remove(name)) {
      volumes.remove(claims.remove(name));
      world.api.unmark(name);
      world.api.changed();
    }
  }

  /** From now on what it has is lost, even if its server does not know yet. */
  void loseEphemeral(Pod pod) {
    if (!world.scenario.durable() && volumes.remove(pod.volume)) {
      world.destroyed("volume of " + pod.name);
    }
  }

  public void lose(Pod pod) {
    terminating.remove(pod.name);
    Disk volume = claims.remove(pod.name);
    world.api.unmark(pod.name);
    if (volume != null) {
      volumes.remove(volume);
      world.destroyed("volume of " + pod.name);
    }
  }

  /** The pod's volume is another cluster's when it starts next. */
  public void swap(Pod pod, Disk other) {
    foreign = true;
    world.pods.delete(pod, true);
    world.after(
        500,
        () -> {
          if (!claims.containsKey(pod.name)) {
            claims.put(pod.name, other);
          }
        });
  }

  /** What is written there is there tomorrow: the volume of a deleted claim goes with its pod. */
  public boolean keeps(Disk volume) {
    return volumes.contains(volume);
  }

  /** Every volume that exists, attached or not, but for those that were let go. */
  public List<Disk> volumes() {
    return volumes;
  }

  public boolean hasForeign() {
    return foreign;
  }

  public @Nullable Disk of(String pod) {
    return claims.get(pod);
  }

  /** Of the operator's own Redis. */
  public List<String> names() {
    return claims.keySet().stream().filter(Pod::isOurs).toList();
  }
}
