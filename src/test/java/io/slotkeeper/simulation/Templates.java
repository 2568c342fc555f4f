package io.slotkeeper.simulation;

import java.util.List;

/**
 * The pod template: what the user makes of it, and when. Some do not work, and are corrected or set
 * back. Claims are deleted by mistake, too. All by a chance of its own, so that what else happens
 * to a seed does not depend on it.
 */
public final class Templates {
  /** What becomes of a pod. */
  public enum Kind {
    GOOD,
    /** Its server ends whenever it is started. */
    CRASHING,
    /** No node takes it. */
    UNSCHEDULABLE,
    /** Its server runs, and another container ends again and again. */
    SIDECAR
  }

  /** The same number, the same template. */
  public record Template(int revision, Kind kind) {
    @Override
    public String toString() {
      return "r" + revision;
    }
  }

  private final Platform world;
  private final Chance chance;
  private Template wanted = new Template(0, Kind.GOOD);
  private Template lastGood = wanted;
  private Template applied = wanted;
  private Template observed = wanted;
  private int revisions;

  Templates(Platform world) {
    this.world = world;
    chance = new Chance(world.scenario.seed() ^ 0x7E3971);
    if (!world.scenario.updates()) {
      return;
    }
    int at = chance.between(7000, 20_000);
    for (int i = chance.between(1, 4); i > 0; i--) {
      world.after(at, this::happen);
      at += chance.between(1000, 12_000);
      at = Math.min(at, Faults.END - 1000);
    }
    world.after(Faults.END, this::correct);
  }

  private void happen() {
    if (chance.oneIn(4)) {
      deleteClaims();
    } else if (wanted.kind() != Kind.GOOD && chance.oneIn(2)) {
      correct();
    } else {
      want(new Template(++revisions, chance.oneIn(2) ? Kind.GOOD : chance.of(kinds())));
    }
  }

  private static List<Kind> kinds() {
    return List.of(Kind.CRASHING, Kind.CRASHING, Kind.UNSCHEDULABLE, Kind.SIDECAR);
  }

  /** The last one that worked, or one that works. */
  private void correct() {
    if (wanted.kind() != Kind.GOOD) {
      want(chance.oneIn(2) ? lastGood : new Template(++revisions, Kind.GOOD));
    }
  }

  private void want(Template template) {
    wanted = template;
    lastGood = template.kind() == Kind.GOOD ? template : lastGood;
    world.trace.add(
        world.now, () -> "the user wants template " + template + ", " + template.kind());
    world.api.changed();
  }

  /** Of one pod, or of all of a shard; Kubernetes keeps each until its pod is gone. */
  private void deleteClaims() {
    List<Pod> ours = world.pods.ours();
    if (!world.scenario.durable() || ours.isEmpty() || !world.losesClaims()) {
      return;
    }
    Pod pod = chance.of(ours);
    boolean all = chance.oneIn(3);
    world.claims.delete(name -> all ? Pod.isOf(name, pod.shard) : name.equals(pod.name));
  }

  /** What the operator applies. */
  public boolean areApplied() {
    return applied.equals(wanted);
  }

  public void apply() {
    Template template = wanted;
    applied = template;
    world.api.changed();
    world.after(
        chance.between(20, 500),
        () -> {
          if (template.equals(applied)) { // and no later one since
            observed = template;
            world.api.changed();
          }
        });
  }

  /** The one that the controller makes pods of. */
  public Template observed() {
    return observed;
  }

  public boolean isObserved() {
    return observed.equals(applied);
  }
}
