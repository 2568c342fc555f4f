package io.slotkeeper.redis.migration;

import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.NodeSnapshot.Engine;
import io.slotkeeper.redis.cluster.RedisNodes;
import io.slotkeeper.redis.cluster.SlotCommands;
import io.slotkeeper.redis.cluster.SlotCommands.Mark;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.redis.cluster.SlotTask;
import io.slotkeeper.redis.migration.MigrationProgress.State;
import io.slotkeeper.redis.migration.OpenSlots.Repair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Closes slots that interrupted moves left open, and returns keys that they left behind, as {@link
 * OpenSlots} decides. Does nothing while any master does not answer: what it holds may be the only
 * copy.
 */
public final class SlotRepair {
  private final RedisNodes nodes;
  private final InstantSource clock;
  private final SlotMigration migration;

  public SlotRepair(RedisNodes nodes, Fanout fanout, InstantSource clock) {
    this.nodes = nodes;
    this.clock = clock;
    migration = new SlotMigration(nodes, fanout, clock);
  }

  /** From one master to another, in one way. */
  private record Job(Class<? extends Repair> kind, NodeId from, NodeId to) {}

  /**
   * One step, within about the budget. It is {@link State#FINISHED} when no slot is open and none
   * of those suspected has keys where they do not belong.
   *
   * @param masters all masters of the cluster; slots being moved by {@link SlotMigration} may be
   *     among theirs, and are moved on
   * @param suspected slots whose keys are looked for on all masters, besides those that are open
   */
  public MigrationProgress step(
      List<MigrationEndpoint> masters, SlotSet suspected, MigrationLimits limits, Duration budget) {
    ProgressCounter counter = new ProgressCounter(0);
    try {
      return run(masters, suspected, limits, budget, counter);
    } catch (RedisUnavailableException | RedisErrorException e) {
      return counter.progress(State.FAILED, String.valueOf(e.getMessage()));
    }
  }

  private MigrationProgress run(
      List<MigrationEndpoint> parties,
      SlotSet suspected,
      MigrationLimits limits,
      Duration budget,
      ProgressCounter counter) {
    Instant deadline = clock.instant().plus(budget);
    Map<NodeId, MigrationEndpoint> byId = new TreeMap<>();
    Map<NodeId, NodeSnapshot> masters = new TreeMap<>();
    for (MigrationEndpoint endpoint : parties) {
      NodeSnapshot seen = nodes.at(endpoint.endpoint()).look();
      if (!seen.id().equals(endpoint.id()) || !seen.table().myself().isMaster()) {
        return counter.progress(State.FAILED, endpoint + " is not the master it was");
      }
      byId.put(endpoint.id(), endpoint);
      masters.put(endpoint.id(), seen);
    }
    Optional<String> unasked = unasked(masters);
    if (unasked.isPresent()) {
      return counter.progress(State.FAILED, unasked.get());
    }
    if (!suspected.isEmpty() && isMoving(byId.values(), MigrationMethod.of(masters.values()))) {
      // Then the destination holds keys that are not its own yet, and they are no strays.
      return counter.progress(State.WAITING, "waits for moves of slots to end");
    }
    SlotSet slots = OpenSlots.marked(masters).plus(suspected);
    if (slots.isEmpty()) {
      return counter.progress(State.FINISHED, "");
    }
    Map<NodeId, Map<Integer, Long>> keys = new TreeMap<>();
    byId.forEach((id, endpoint) -> keys.put(id, commands(endpoint).countKeys(slots)));

    List<String> left = new ArrayList<>();
    Map<Job, SlotSet> jobs = new LinkedHashMap<>();
    for (Repair repair : OpenSlots.decide(slots, masters, keys)) {
      switch (repair) {
        case Repair.Finish r -> add(jobs, repair, r.owner(), r.destination());
        case Repair.Close r -> add(jobs, repair, r.master(), r.master());
        case Repair.Merge r -> add(jobs, repair, r.holder(), r.owner());
        case Repair.Leave r -> left.add(r.reason());
      }
    }
    counter.left(left.size() + jobs.values().stream().mapToInt(SlotSet::size).sum());
    return work(jobs, byId, masters, limits, deadline, left, counter);
  }

  /** Moves by the servers themselves. Redis refuses SETSLOT while it deletes keys after one. */
  private boolean isMoving(Collection<MigrationEndpoint> parties, MigrationMethod method) {
    return parties.stream()
        .map(this::commands)
        .flatMap(commands ->
            switch (method) {
              case CLASSIC -> Stream.<SlotTask>of();
              case REDIS_ATOMIC -> commands.importTasks().stream();
              case VALKEY_ATOMIC -> commands.exportTasks().stream();
            })
        .anyMatch(task -> task.state() == SlotTask.State.RUNNING);
  }

  private static void add(Map<Job, SlotSet> jobs, Repair repair, NodeId from, NodeId to) {
    jobs.merge(new Job(repair.getClass(), from, to), SlotSet.of(repair.slot()), SlotSet::plus);
  }

  private MigrationProgress work(
      Map<Job, SlotSet> jobs,
      Map<NodeId, MigrationEndpoint> parties,
      Map<NodeId, NodeSnapshot> masters,
      MigrationLimits limits,
      Instant deadline,
      List<String> left,
      ProgressCounter counter) {
    // First mark slots with keys: after a crash, the marks show what is left to do.
    each(
        jobs,
        Repair.Merge.class,
        (job, slots) -> mark(parties, masters, job.from(), slots, new Mark.Importing(job.to())));
    each(
        jobs,
        Repair.Close.class,
        (job, slots) -> {
          mark(parties, masters, job.from(), slots, new Mark.Stable());
          counter.slots(slots.size());
        });
    for (Map.Entry<Job, SlotSet> entry : jobs.entrySet()) {
      Job job = entry.getKey();
      SlotSet slots = entry.getValue();
      Duration rest = Duration.between(clock.instant(), deadline);
      if (job.kind() == Repair.Close.class) {
        continue;
      }
      if (!rest.isPositive()) {
        break;
      }
      if (job.kind() == Repair.Finish.class) {
        SlotSet unclaimed = slots.minus(get(masters, job.to()).table().myself().slots());
        mark(parties, masters, job.to(), unclaimed, new Mark.Importing(job.from()));
        mark(parties, masters, job.from(), unclaimed, new Mark.Migrating(job.to()));
        MigrationProgress progress =
            migration.step(MigrationMethod.CLASSIC, move(parties, job, slots), limits, rest);
        counter.add(progress);
        if (progress.state() == State.FAILED) {
          return counter.progress(State.FAILED, progress.message());
        }
      } else {
        Drain drain =
            new Drain(
                nodes,
                clock,
                get(parties, job.from()),
                get(parties, job.to()),
                Drain.Winner.DESTINATION,
                get(masters, job.from()),
                limits,
                counter);
        if (!drain.run(slots, deadline)) {
          break;
        }
        mark(parties, masters, job.from(), slots, new Mark.Stable());
        counter.slots(slots.size());
      }
    }
    // The next step sees what has become of it.
    return jobs.isEmpty() && !left.isEmpty()
        ? counter.progress(State.WAITING, String.join("; ", left))
        : counter.progress(jobs.isEmpty() ? State.FINISHED : State.RUNNING, "");
  }

  private static void each(
      Map<Job, SlotSet> jobs, Class<? extends Repair> kind, BiConsumer<Job, SlotSet> action) {
    jobs.forEach((job, slots) -> {
      if (job.kind() == kind) {
        action.accept(job, slots);
      }
    });
  }

  private void mark(
      Map<NodeId, MigrationEndpoint> parties,
      Map<NodeId, NodeSnapshot> masters,
      NodeId id,
      SlotSet slots,
      Mark mark) {
    if (!slots.isEmpty()) {
      int parallel = get(masters, id).engine() == Engine.VALKEY ? ClassicStep.PARALLEL : 1;
      commands(get(parties, id)).setSlots(slots, mark, parallel);
    }
  }

  private static SlotMove move(Map<NodeId, MigrationEndpoint> parties, Job job, SlotSet slots) {
    List<MigrationEndpoint> others =
        parties.values().stream()
            .filter(
                endpoint -> !endpoint.id().equals(job.from()) && !endpoint.id().equals(job.to()))
            .toList();
    return new SlotMove(get(parties, job.from()), get(parties, job.to()), others, slots);
  }

  /** A master that owns slots in some table, but was not asked. */
  private static Optional<String> unasked(Map<NodeId, NodeSnapshot> masters) {
    Set<NodeId> unknown =
        masters.values().stream()
            .flatMap(seen -> seen.table().nodes().stream())
            .filter(node -> node.isMaster() && !node.slots().isEmpty())
            .map(ClusterNode::id)
            .filter(id -> !masters.containsKey(id))
            .collect(Collectors.toSet());
    return unknown.isEmpty()
        ? Optional.empty()
        : Optional.of("slots belong to masters that were not asked: " + unknown);
  }

  private SlotCommands commands(MigrationEndpoint endpoint) {
    return nodes.at(endpoint.endpoint()).slots();
  }

  private static <T> T get(Map<NodeId, T> map, NodeId id) {
    return Objects.requireNonNull(map.get(id));
  }
}
