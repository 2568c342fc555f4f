package io.slotkeeper.simulation.standalone;

/** What Sentinels do to the data: they elect on silence, without proof. */
final class Ballots {

  private Ballots() {}

  /**
   * One that they have promoted is found by clients: they say so, or it takes the first write.
   * Until then the operator may take it back. What only the former primary has is lost, unless
   * nothing has failed, or one thing only, and a replica had it.
   */
  static void leads(Server next) {
    if (next.elected) {
      next.elected = false;
      become(next, "the Sentinels");
    }
  }

  /** The operator overrules them: another server that is a master. */
  static void recorded(Server next) {
    become(next, "the operator, by its record");
  }

  private static void become(Server next, String by) {
    Ledger ledger = next.world.ledger;
    if (next.isMaster() && next != ledger.leader()) {
      ledger.lower(ledger.owed().common(next.data), next + " was elected by " + by);
      ledger.become(next, by);
      // The former one may live: it takes a while to have it follow.
      next.world.disturbed();
    }
  }
}
