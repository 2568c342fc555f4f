package io.slotkeeper.execute;

import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.ServerRef;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How old the answers of a second look are. */
final class Ages {
  private final InstantSource steady;
  private final Instant began;

  /** When each server was last asked something over its connection, and answered. */
  private final Map<ServerRef, Answer> answers = new ConcurrentHashMap<>();

  /** When the questions began that must be of this moment, where not with this look. */
  private final Map<Action, Instant> decisive = new ConcurrentHashMap<>();

  private record Answer(Instant asked, Instant came) {}

  /** They begin now. */
  Ages(InstantSource steady) {
    this.steady = steady;
    began = steady.instant();
  }

  Instant now() {
    return steady.instant();
  }

  void answered(ServerRef server, Instant asked) {
    answers.put(server, new Answer(asked, steady.instant()));
  }

  /** What an action is asked about from here on decides, and has to be of the moment. */
  void decides(Action action) {
    decisive.put(action, steady.instant());
  }

  /** It has not answered just now, so its address may not be its own any more. */
  boolean isUnheard(ServerRef server) {
    Answer last = answers.get(server);
    return last == null
        || isOlder(last.came(), Basis.VALIDITY)
        || isOlder(last.asked(), Basis.ANSWERED);
  }

  boolean isOlder(Instant time, Duration longest) {
    return Duration.between(time, steady.instant()).compareTo(longest) > 0;
  }

  /** Whether something that the action counts on is too old. */
  boolean areTooOld(Action action) {
    Basis basis = Basis.of(action);
    return switch (basis) {
      case OBJECTS -> false;
      case IDENTITY ->
          isOlder(asked(action), basis.longest())
              || ActionServers.introduced(action).filter(this::isUnheard).isPresent();
      case SURVEY -> isOlder(began, basis.longest());
      case DEATH, MOMENT ->
          isOlder(decisive.getOrDefault(action, began), basis.longest())
              || isOlder(began, Basis.SURVEY.longest());
    };
  }

  private Instant asked(Action action) {
    return ActionServers.of(action)
        .map(server -> {
          Answer answer = answers.get(server);
          return answer == null ? began : answer.asked();
        })
        .min(Comparator.naturalOrder())
        .orElse(began);
  }
}
