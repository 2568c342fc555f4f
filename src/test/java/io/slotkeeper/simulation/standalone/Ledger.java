package io.slotkeeper.simulation.standalone;

import io.slotkeeper.simulation.Disk;
import io.slotkeeper.simulation.OperatorProcess;
import io.slotkeeper.simulation.Pod;
import io.slotkeeper.simulation.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was acknowledged to clients, and must be somewhere: in a running server, or on a volume.
 * What a fault destroyed is taken off, and so are the last moments of a primary that died:
 * replication is asynchronous. Judged by the truth, which the operator cannot see.
 */
final class Ledger {
  /** Acknowledged so long before a primary died, a write may not have reached a replica. */
  private static final int TAIL = 3500;

  /** A server that came back that recently may not have been noticed. */
  private static final int NEWS = 1500;

  /** So long a former primary may go on, where the operator can reach it, and nothing fails. */
  private static final int GRACE = 12_000;

  private record Acknowledged(Write write, long at) {}

  private final StandaloneWorld world;

  /** Whose writes count. */
  private @Nullable Server leader;

  /** The last one that was acknowledged, and is to be kept. */
  private Write owed;

  /** The last one that a client knows to be on a replica. */
  private Write waited;

  /** What is owed, in order. */
  private final List<Acknowledged> acknowledged = new ArrayList<>();

  private final Map<Server, Long> aliveAt = new HashMap<>();
  private final Map<Server, Long> reachableSince = new HashMap<>();
  private boolean lost;
  private long total;
  private long waitedFor;

  /** Since when the operator and the API server work. */
  long calmSince;

  /** Only one thing goes wrong in this schedule. */
  boolean single;

  Ledger(StandaloneWorld world) {
    this.world = world;
    owed = world.nothing;
    waited = world.nothing;
  }

  @Nullable Server leader() {
    return leader;
  }

  Write owed() {
    return owed;
  }

  /** A fault has destroyed writes that had been acknowledged. */
  boolean hasLost() {
    return lost;
  }

  long total() {
    return total;
  }

  long waitedFor() {
    return waitedFor;
  }

  void tick() {
    for (Server server : world.ours()) {
      boolean known = world.pods.pod(server.pod.name) == server.pod;
      if (server.serving() && known && !server.isStalled() && world.isHeard(server)) {
        aliveAt.put(server, world.now);
      }
      if (isReachable(server) && known) {
        reachableSince.putIfAbsent(server, world.now);
      } else {
        reachableSince.remove(server);
      }
    }
    check();
  }

  private boolean isReachable(Server server) {
    return server.serving()
        && !server.isStalled()
        && !server.isLoading()
        && !world.nodes.isCut(server.pod)
        && world.linked(server.pod.name, OperatorProcess.NAME);
  }

  /** For so long that the operator must know. */
  private boolean isKnown(Server server, long news) {
    Long since = reachableSince.get(server);
    return since != null && world.now - since > news;
  }

  void ended(Server server) {
    reachableSince.remove(server);
  }

  void acknowledged(Server server, Write write, boolean byReplica) {
    if (server.pod.owner != Pod.Owner.OURS) {
      return;
    }
    total++;
    Ballots.leads(server);
    if (server != leader) {
      stray(server, write);
      return;
    }
    if (!world.claims.keeps(server.store)) {
      return; // a fault has taken its volume, although its process does not know
    }
    if (!write.contains(owed) && !owed.contains(write)) {
      throw new Violation(server + " leads without " + owed + ", it has " + write);
    }
    if (write.keys > owed.keys) {
      owed = write;
      acknowledged.add(new Acknowledged(write, world.now));
    }
    if (byReplica) {
      waitedFor++;
      waited = write.keys > waited.keys ? write : waited;
    }
  }

  /** Taken by a server that is no primary any more: it is lost when that becomes a replica. */
  private void stray(Server server, Write write) {
    boolean late =
        isKnown(server, GRACE) && world.now - world.ledger.calmSince > GRACE && leader != null;
    if (world.setting.isPlanned() || late) {
      throw new Violation("%s takes %s, and %s is the primary".formatted(server, write, leader));
    }
  }

  /** Every data set that exists: in memory, or on a volume that stays. */
  private Stream<Write> copies(Predicate<Disk> which) {
    return world.claims.volumes().stream()
        .filter(which)
        .map(Store.class::cast)
        .flatMap(store ->
            store.server instanceof Server server && server.serving()
                ? Stream.of(server.data, store.data())
                : Stream.of(store.data()));
  }

  private Write best(Predicate<Disk> which) {
    Write best = world.nothing;
    for (Write copy : copies(which).toList()) {
      if (copy.contains(owed)) {
        return owed;
      }
      Write common = owed.common(copy);
      best = common.keys > best.keys ? common : best;
    }
    return best;
  }

  private void check() {
    Write best = best(_ -> true);
    if (best != owed) {
      throw new Violation("%s was acknowledged, the best copy has %s".formatted(owed, best));
    }
  }

  /** A fault destroyed a copy. */
  void destroyed(String what) {
    Write best = best(_ -> true);
    if (best != owed) {
      lost = true;
      lower(best, what + " is destroyed");
    }
  }

  void lower(Write to, String why) {
    if (world.setting.isPlanned()) {
      throw new Violation(
          "nothing has failed, and %s was acknowledged, of which %s is left: %s"
              .formatted(owed, to, why));
    }
    if (single && to.keys < waited.keys) {
      throw new Violation(
          "a replica had %s, and %s is left after a single failure: %s".formatted(waited, to, why));
    }
    world.trace.add(world.now, () -> "LOST " + owed + " -> " + to + ", " + why);
    acknowledged.removeIf(ack -> ack.write().keys > to.keys);
    owed = to;
    waited = to.keys < waited.keys ? to : waited;
  }

  /** Copies go, as the user wants it. */
  void thinned() {
    waited = world.nothing;
  }

  /** The operator is about to make a server the primary. */
  void chosen(Server next) {
    if (next != leader && !next.isMaster()) {
      mayTakeOver(next, "the operator");
    }
    lead(next, "the operator");
  }

  /** Its start script says so. */
  void leadsByItself(Server next) {
    if (next.pod.owner == Pod.Owner.OURS) {
      mayTakeOver(next, "its start script");
      lead(next, "its start script");
    }
  }

  /** Only the dead are replaced. */
  private void mayTakeOver(Server next, String by) {
    Server former = leader;
    boolean leads = former != null && former != next && former.serving() && former.isMaster();
    if (former == null || !leads || !world.claims.keeps(former.store)) {
      return; // of a pod that was deleted by force, without its volume, nothing will be left
    }
    boolean cut = world.nodes.isCut(former.pod) && world.pods.runsOn(former.pod);
    if (cut || (isKnown(former, NEWS) && former.pod == world.pods.pod(former.pod.name))) {
      throw new Violation(
          "%s is made primary by %s, and %s lives%s"
              .formatted(next, by, former, cut ? " on a machine that is cut off" : ""));
    }
  }

  private void lead(Server next, String by) {
    if (next.data.contains(owed)) {
      become(next, by);
      return;
    }
    Write has = owed.common(next.data);
    Server former = leader;
    long died = former == null ? 0 : aliveAt.getOrDefault(former, 0L);
    for (Server other : world.ours()) {
      Write more = owed.common(other.data);
      // What was found on a disk may lack the last second: there is no way to tell.
      boolean live = other.replication.wasUp();
      boolean torn = next.store.torn && more.keys - has.keys <= inTail(has, died);
      if (other != next && live && !torn && more.keys > has.keys && isKnown(other, NEWS)) {
        throw new Violation(
            "%s is made primary by %s with %s, and %s has %s"
                .formatted(next, by, has, other, more));
      }
    }
    Acknowledged first =
        acknowledged.stream().filter(ack -> ack.write().keys > has.keys).findFirst().orElse(null);
    if (first != null && first.at() < died - TAIL) {
      throw new Violation(
          "%s is made primary by %s with %s; %s, acknowledged at %.3f, is on a volume, and %s died at %.3f"
              .formatted(next, by, has, owed, first.at() / 1000.0, former, died / 1000.0));
    }
    lower(has, "the tail of a failover");
    become(next, by);
  }

  /** How many writes were acknowledged in the last moments. */
  private long inTail(Write has, long died) {
    return acknowledged.stream()
        .filter(ack -> ack.write().keys > has.keys && ack.at() >= died - TAIL)
        .count();
  }

  void become(Server next, String by) {
    if (next != leader) {
      world.trace.add(world.now, () -> next + " is the primary from now on: " + by);
    }
    leader = next;
  }

  /** By FAILOVER. */
  void handedOver(Server from, Server to) {
    if (from.pod.owner != Pod.Owner.OURS) {
      return;
    }
    if (from != leader) {
      mayTakeOver(to, "a hand-over of " + from);
    }
    lead(to, "a hand-over");
  }

  /** No replica took it. */
  void takenBack(Server server) {
    if (server.pod.owner == Pod.Owner.OURS) {
      mayTakeOver(server, "a hand-over that failed");
      lead(server, "a hand-over that failed");
    }
  }

  /** The operator is about to make a server a replica. */
  void mayFollow(Server server, String host) {
    Server primary = (Server) world.processAt(host);
    Write has = owed.common(server.data);
    if (primary == null || has == world.nothing) {
      return;
    }
    if (primary.pod.owner != Pod.Owner.OURS) {
      throw new Violation(server + " is made a replica of " + primary + ", a stranger");
    }
    Write gets = owed.common(primary.data);
    if (gets.keys < has.keys && !primary.data.contains(owed)) {
      throw new Violation(
          "%s with %s is made a replica of %s, which has %s".formatted(server, has, primary, gets));
    }
  }

  /** A replica goes on where its primary says that it was: is that so? */
  void continued(Server replica, Server primary) {
    if (!primary.data.contains(replica.data)) {
      throw new Violation(
          "%s has %s, and continues with %s, which has %s"
              .formatted(replica, replica.data, primary, primary.data));
    }
  }

  /** A replica is about to lose its data for that of a server, whichever that is. */
  void wiped(Server replica, Server primary) {
    if (replica.pod.owner != Pod.Owner.OURS || primary.data.contains(owed)) {
      return;
    }
    Write rest = best(disk -> !disk.equals(replica.store));
    Write left = owed.common(primary.data).keys > rest.keys ? owed.common(primary.data) : rest;
    if (left == owed || !replica.data.contains(owed)) {
      return;
    }
    if (primary.pod.owner == Pod.Owner.OURS) {
      throw new Violation(
          "%s has the only copy of %s, and copies %s, which has %s"
              .formatted(replica, owed, primary, primary.data));
    }
    // A replica follows an address, and copies the server that has got it since.
    lost = true;
    lower(left, "a stranger at the primary's address");
  }

  /** The operator deletes a pod: what its server has stays, or is elsewhere. */
  void mayReplace(Pod pod) {
    Stream<Pod> going = world.pods.ours().stream().filter(p -> p.replaced && !p.over && p != pod);
    if (hadData(pod) && going.anyMatch(Ledger::hadData)) {
      throw new Violation(pod.name + " is replaced while another is going");
    }
    if (world.claims.goesWith(pod) && pod.volume != null) {
      Write rest = best(disk -> !disk.equals(pod.volume) && stays(disk));
      Acknowledged first =
          acknowledged.stream()
              .filter(ack -> ack.write().keys > rest.keys)
              .findFirst()
              .orElse(null);
      if (first != null && first.at() < world.now - TAIL) {
        throw new Violation(
            "%s is replaced, and has the only copy of %s; the rest has %s"
                .formatted(pod.name, owed, rest));
      }
    }
  }

  /** One without any, or whose server takes no part yet, may go together with others. */
  private static boolean hadData(Pod pod) {
    Server server = Server.in(pod);
    return server != null
        ? server.isMaster() || server.replication.wasUp()
        : pod.ran && pod.volume instanceof Store store && store.data().keys > 0;
  }

  private boolean stays(Disk disk) {
    return world.pods.ours().stream()
        .noneMatch(pod -> disk.equals(pod.volume) && pod.deleting && world.claims.goesWith(pod));
  }

  /** The primary is not among those that go. */
  void mayShrink(int size) {
    Server primary = leader;
    if (primary != null && primary.serving() && primary.pod.ordinal >= size) {
      throw new Violation("the primary in " + primary.pod.name + " is let go");
    }
  }

  @Override
  public String toString() {
    return "primary %s, owed %s, waited %s, %d acknowledged".formatted(leader, owed, waited, total);
  }
}
