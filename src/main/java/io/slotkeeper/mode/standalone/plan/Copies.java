package io.slotkeeper.mode.standalone.plan;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Which server has most of a primary's data. */
final class Copies {

  private Copies() {}

  /**
   * The best of the servers that have copied the primary since they started. One that was not in
   * sync when the primary last answered lacks later writes; it is good enough only where there is
   * nothing better to wait for. How long its link has been down says nothing: a link that was cut
   * silently breaks much later.
   *
   * @param stale whether such a one will do
   */
  static Optional<Server> best(StandaloneModel model, boolean stale) {
    Memory memory = model.memory();
    return candidates(model)
        .filter(Server::isLiveCopy)
        .filter(server -> stale || memory.wasInSync(server))
        .max(order(memory));
  }

  /** The best of all servers that have data, also of those that found it on their disk. */
  static Optional<Server> bestFromDisk(StandaloneModel model) {
    return candidates(model)
        .filter(Server::hasKeys)
        .filter(server -> model.memory().wasInSync(server))
        .max(order(model.memory()))
        .map(server -> furthest(model, server));
  }

  /** One that was not in sync in the end may have written a later dump than one that was. */
  private static Server furthest(StandaloneModel model, Server best) {
    Memory memory = model.memory();
    if (best.snapshot().appendOnly() && !memory.knows(best)) {
      return best; // it has everything
    }
    return candidates(model)
        .filter(server -> server.hasKeys() && areComparable(memory, best, server))
        .max(order(memory))
        .orElse(best);
  }

  /**
   * One with data of a history that is not known, which may be the latest: the last primary was
   * promoted, and the id that its history got then was not recorded.
   */
  static Optional<Server> incomparable(StandaloneModel model, Server last) {
    return model.servers().stream()
        .filter(server -> model.memory().isPending() && server.hasKeys() && !server.isSame(last))
        .filter(server -> server.isLiveCopy() || !server.snapshot().appendOnly())
        .filter(server -> !model.memory().knows(server))
        .max(order(model.memory()));
  }

  /** The best of all servers that have any data, however old it is. */
  static Optional<Server> anyFromDisk(StandaloneModel model) {
    return candidates(model).filter(Server::hasKeys).max(order(model.memory()));
  }

  /** Of the primary that has a dump and the others that have one: the one with the newest. */
  static Server newest(StandaloneModel model, Server last) {
    Memory memory = model.memory();
    return Stream.concat(
            Stream.of(last),
            candidates(model)
                .filter(Server::hasKeys)
                .filter(server -> areComparable(memory, last, server))
                .filter(server -> !isBehind(memory, server, last)))
        .max(order(memory).thenComparing(server -> server.isSame(last)))
        .orElse(last);
  }

  /**
   * An id that is not known may be older than those that are, or newer: servers that stop together
   * hand over unseen. But offsets go on from one history of a line to the next, and dumps keep
   * them. A dump without any history was written while its server had not had a replica since it
   * was made primary. A first replica begins a new history; so where the other dump is of an older
   * one than the last, the primary had none since.
   */
  private static boolean isBehind(Memory memory, Server server, Server last) {
    if (memory.knows(last) || last.snapshot().appendOnly()) {
      return false;
    }
    return last.hasHistory()
        ? server.link().offset() < last.link().offset()
        : !memory.isPresent(server) && !memory.continues(server);
  }

  private static Stream<Server> candidates(StandaloneModel model) {
    return model.servers().stream()
        .filter(server -> !server.pod().terminating())
        .filter(server -> !isStrange(model.memory(), server))
        .filter(server -> !model.memory().pod().equals(Optional.of(server.pod().name())));
  }

  /** The other one may be in place of the first. */
  private static boolean areComparable(Memory memory, Server one, Server other) {
    return one.link().replicationId().equals(other.link().replicationId()) || memory.knows(other);
  }

  /** It has copied something else since it started: another Redis may have got the address. */
  private static boolean isStrange(Memory memory, Server server) {
    return server.isLiveCopy()
        && !memory.isOfLine(server.link().replicationId())
        && !memory.continues(server);
  }

  private static Comparator<Server> order(Memory memory) {
    return Comparator.<Server>comparingInt(memory::age)
        .reversed()
        .thenComparingLong(server -> server.link().offset())
        .thenComparingLong(server -> server.snapshot().keys())
        .thenComparingInt(server -> -server.pod().ordinal());
  }
}
