package io.slotkeeper.mode.standalone.plan;

import io.slotkeeper.model.Finding;
import io.slotkeeper.plan.Action;
import org.jspecify.annotations.Nullable;

/** Which server leads. */
sealed interface Lead {

  /**
   * It is the primary.
   *
   * @param recorded as is remembered
   */
  record Leads(Server server, boolean recorded) implements Lead {}

  /**
   * It is to become the primary.
   *
   * @param former in whose place; null where that is its own former process, or there was none
   * @param evidence of the death of the former one
   */
  record Elected(Server server, Action.@Nullable Dead former, String evidence) implements Lead {}

  /**
   * The primary hands over to a server that does not answer.
   *
   * @param finding for the user
   */
  record Stuck(Server server, Finding finding) implements Lead {}

  /** None, and none is chosen: more is to be learned first, or the user has to decide. */
  record Undecided(Finding finding) implements Lead {}
}
