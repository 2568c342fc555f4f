package io.slotkeeper.mode.standalone.plan;

import io.slotkeeper.model.Finding;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.SentinelHealth;
import io.slotkeeper.plan.ServerRef;
import java.util.List;
import java.util.Optional;

/**
 * Others that may elect a primary while the operator does not look, and must learn of each that it
 * elects. Terms order the primaries: of two, the one of the greater term is the newer.
 */
public interface Electorate {

  /**
   * There are none: the operator alone elects.
   *
   * @param left there are objects of Sentinels, from when there were some
   */
  record None(boolean left) implements Electorate {
    @Override
    public Optional<Choice> choice(long term) {
      return Optional.empty();
    }

    @Override
    public long lastTerm() {
      return 0;
    }

    @Override
    public boolean contradicts(ServerRef primary, long term) {
      return false;
    }

    @Override
    public List<Action> announcements(ServerRef primary, long term) {
      return List.of();
    }

    @Override
    public List<Action> upkeep(ServerRef primary, long term) {
      return left ? List.of(new Action.RemoveSentinels()) : List.of();
    }

    @Override
    public List<Finding> findings() {
      return List.of();
    }

    @Override
    public Optional<SentinelHealth> health(Optional<ServerRef> primary, long term) {
      return Optional.empty();
    }
  }

  /**
   * A primary that they have elected.
   *
   * @param ip where they name it
   * @param gone its process is: its pod has another address now, or none, or its server was started
   *     again. What it had is on its volume
   */
  record Choice(String pod, String ip, long term, boolean gone) {}

  /** The one that they have elected since a term, if its pod is ours, or was. */
  Optional<Choice> choice(long term);

  /** The greatest term that one of them knows, or has voted in. */
  long lastTerm();

  /** One of them knows another primary of this term or a greater one, which it would stay with. */
  boolean contradicts(ServerRef primary, long term);

  /** What each of them that answers has to be sent to know this primary. */
  List<Action> announcements(ServerRef primary, long term);

  /** What is to be done with them when all else is done. */
  List<Action> upkeep(ServerRef primary, long term);

  /** What is wrong with them. */
  List<Finding> findings();

  /**
   * How many of them know the primary; empty where there are none.
   *
   * @param primary empty where there is none
   */
  Optional<SentinelHealth> health(Optional<ServerRef> primary, long term);
}
