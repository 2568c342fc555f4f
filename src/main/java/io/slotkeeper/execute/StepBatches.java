package io.slotkeeper.execute;

import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.ServerRef;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A step over many servers, in batches: each with a second look of its own, so that it acts at once
 * on what it looked at, however many servers there are and however slow they are. What came too
 * late is tried again in a smaller batch; what was done is done.
 */
final class StepBatches {
  /** This many servers answer together in a moment, even on half a core. */
  static final int SERVERS = 16;

  static final int ACTIONS = 64;

  /** What is left after that waits for the next pass: this plan is old by then. */
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private final InstantSource steady;

  StepBatches(InstantSource steady) {
    this.steady = steady;
  }

  /**
   * @param act does a batch, each action of it behind its guard
   * @return what became of each action
   */
  List<Outcome> run(List<Action> step, Function<List<Action>, List<Outcome>> act) {
    List<Outcome> outcomes = new ArrayList<>();
    List<Action> left = new ArrayList<>(step);
    Instant end = steady.instant().plus(LONGEST);
    int most = ACTIONS;
    while (!left.isEmpty()) {
      List<Action> batch = next(left, most);
      List<Outcome> done = act.apply(batch);
      // At least one action is done in any case, so that all are done in the end. Three tries at
      // most: a silent server may take two seconds to time out.
      boolean goesOn = outcomes.isEmpty() || steady.instant().isBefore(end);
      Set<Action> late = goesOn && batch.size() > 1 ? late(done) : Set.of();
      done.stream().filter(outcome -> !late.contains(outcome.action())).forEach(outcomes::add);
      Set<Action> over = new HashSet<>(batch);
      over.removeAll(late);
      left.removeIf(over::contains);
      most = late.isEmpty() ? Math.min(ACTIONS, 2 * most) : Math.max(1, batch.size() / 4);
      if (!outcomes.isEmpty() && !steady.instant().isBefore(end)) {
        left.stream()
            .map(action -> new Outcome.Unfinished(action, "it is left for the next look"))
            .forEach(outcomes::add);
        return outcomes;
      }
    }
    return outcomes;
  }

  private static Set<Action> late(List<Outcome> outcomes) {
    return outcomes.stream()
        .filter(Outcome::isTooLate)
        .map(Outcome::action)
        .collect(Collectors.toCollection(HashSet::new));
  }

  /** The first action, and others for few servers; those of one server in their order. */
  private static List<Action> next(List<Action> left, int most) {
    List<Action> batch = new ArrayList<>();
    Set<ServerRef> servers = new HashSet<>();
    Set<ServerRef> waiting = new HashSet<>();
    for (Action action : left) {
      List<ServerRef> targets = ActionServers.of(action).toList();
      Optional<ServerRef> first = targets.stream().findFirst();
      Set<ServerRef> together = new HashSet<>(servers);
      together.addAll(targets);
      boolean fits =
          (batch.isEmpty() || together.size() <= SERVERS)
              && first.filter(waiting::contains).isEmpty();
      if (fits) {
        batch.add(action);
        servers = together;
      } else {
        first.ifPresent(waiting::add);
      }
      if (batch.size() == most) {
        break;
      }
    }
    return batch;
  }
}
