package io.slotkeeper.redis.migration;

import io.slotkeeper.redis.ClusterNode;
import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.NodeId;
import io.slotkeeper.redis.NodeSnapshot;
import io.slotkeeper.redis.NodeSnapshot.Engine;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisNodes;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.SlotCommands;
import io.slotkeeper.redis.SlotCommands.Mark;
import io.slotkeeper.redis.SlotSet;
import io.slotkeeper.redis.SlotTask;
import io.slotkeeper.redis.migration.OpenSlots.Repair;
import io.slotkeeper.redis.migration.Progress.State;
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
 * Closes slots that interrupted moves left open, and brings keys back that they left behind, as
 * {@link OpenSlots} decides. Does nothing while any master cannot be asked: what it holds may be
 * the only copy.
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
   * @param masters all masters of the cluster; slots on the move by {@link SlotMigration} may be
   *     among theirs, and are moved on
   * @param suspected slots whose keys are looked for on all masters; those that are open are in any
   *     case
   */
  public Progress step(List<Party> masters, SlotSet suspected, Limits limits, Duration budget) {
    Tally tally = new Tally(0);
    try {
      return run(masters, suspected, limits, budget, tally);
    } catch (RedisUnavailableException | RedisErrorException e) {
      return tally.progress(State.FAILED, String.valueOf(e.getMessage()));
    }
  }

  private Progress run(
      List<Party> parties, SlotSet suspected, Limits limits, Duration budget, Tally tally) {
    Instant deadline = clock.instant().plus(budget);
    Map<NodeId, Party> byId = new TreeMap<>();
    Map<NodeId, NodeSnapshot> masters = new TreeMap<>();
    for (Party party : parties) {
      NodeSnapshot seen = nodes.at(party.endpoint()).look();
      if (!seen.id().equals(party.id()) || !seen.table().myself().isMaster()) {
        return tally.progress(State.FAILED, party + " is not the master it was");
      }
      byId.put(party.id(), party);
      masters.put(party.id(), seen);
    }
    Optional<String> unasked = unasked(masters);
    if (unasked.isPresent()) {
      return tally.progress(State.FAILED, unasked.get());
    }
    if (!suspected.isEmpty() && isMoving(byId.values(), Method.of(masters.values()))) {
      // Then the destination holds keys that are not its own yet, and they are no strays.
      return tally.progress(State.WAITING, "waits for moves of slots to end");
    }
    SlotSet slots = OpenSlots.marked(masters).plus(suspected);
    if (slots.isEmpty()) {
      return tally.progress(State.FINISHED, "");
    }
    Map<NodeId, Map<Integer, Long>> keys = new TreeMap<>();
    byId.forEach((id, party) -> keys.put(id, commands(party).countKeys(slots)));

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
    tally.left(left.size() + jobs.values().stream().mapToInt(SlotSet::size).sum());
    return work(jobs, byId, masters, limits, deadline, left, tally);
  }

  /** What the servers do by themselves. Redis refuses SETSLOT while keys are deleted after it. */
  private boolean isMoving(Collection<Party> parties, Method method) {
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

  private Progress work(
      Map<Job, SlotSet> jobs,
      Map<NodeId, Party> parties,
      Map<NodeId, NodeSnapshot> masters,
      Limits limits,
      Instant deadline,
      List<String> left,
      Tally tally) {
    // Marks first where there are keys: who continues after a crash finds them by these.
    each(
        jobs,
        Repair.Merge.class,
        (job, slots) -> mark(parties, masters, job.from(), slots, new Mark.Importing(job.to())));
    each(
        jobs,
        Repair.Close.class,
        (job, slots) -> {
          mark(parties, masters, job.from(), slots, new Mark.Stable());
          tally.slots(slots.size());
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
        Progress progress = migration.step(Method.CLASSIC, move(parties, job, slots), limits, rest);
        tally.add(progress);
        if (progress.state() == State.FAILED) {
          return tally.progress(State.FAILED, progress.message());
        }
      } else {
        Drain drain =
            new Drain(
                nodes,
                clock,
                get(parties, job.from()),
                get(parties, job.to()),
                Drain.Winner.TAKER,
                get(masters, job.from()),
                limits,
                tally);
        if (!drain.run(slots, deadline)) {
          break;
        }
        mark(parties, masters, job.from(), slots, new Mark.Stable());
        tally.slots(slots.size());
      }
    }
    // What has become of it, the next step sees.
    return jobs.isEmpty() && !left.isEmpty()
        ? tally.progress(State.WAITING, String.join("; ", left))
        : tally.progress(jobs.isEmpty() ? State.FINISHED : State.RUNNING, "");
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
      Map<NodeId, Party> parties,
      Map<NodeId, NodeSnapshot> masters,
      NodeId id,
      SlotSet slots,
      Mark mark) {
    if (!slots.isEmpty()) {
      int parallel = get(masters, id).engine() == Engine.VALKEY ? ClassicStep.PARALLEL : 1;
      commands(get(parties, id)).setSlots(slots, mark, parallel);
    }
  }

  private static Move move(Map<NodeId, Party> parties, Job job, SlotSet slots) {
    List<Party> others =
        parties.values().stream()
            .filter(party -> !party.id().equals(job.from()) && !party.id().equals(job.to()))
            .toList();
    return new Move(get(parties, job.from()), get(parties, job.to()), others, slots);
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

  private SlotCommands commands(Party party) {
    return nodes.at(party.endpoint()).slots();
  }

  private static <T> T get(Map<NodeId, T> map, NodeId id) {
    return Objects.requireNonNull(map.get(id));
  }
}
