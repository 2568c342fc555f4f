package io.slotkeeper.mode.standalone.plan;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Which server has most of a primary's data. */
final class Copies {
  /** A link that broke when the primary died has been down for at most this long when we look. */
  private static final long FRESH_SECONDS = 2;

  private Copies() {}

  /**
   * The best of the servers that have copied the primary since they started. One that lost its link
   * before the primary died lacks later writes; it is good enough only where there is nothing
   * better to wait for.
   *
   * @param stale whether such a one will do
   */
  static Optional<Server> best(StandaloneModel model, boolean stale) {
    Memory memory = model.memory();
    return candidates(model)
        .filter(Server::isLiveCopy)
        .filter(server -> memory.isOfLine(server.link().replicationId()))
        .filter(server -> stale || isCurrent(model, server))
        .max(order(memory));
  }

  /** The best of all servers that have data, also of those that found it on their disk. */
  static Optional<Server> bestFromDisk(StandaloneModel model) {
    return candidates(model)
        .filter(Server::hasKeys)
        .filter(server -> model.memory().wasInSync(server))
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
                .filter(server -> memory.isOfLine(server.link().replicationId())))
        .max(order(memory).thenComparing(server -> server.isSame(last)))
        .orElse(last);
  }

  private static Stream<Server> candidates(StandaloneModel model) {
    return model.servers().stream()
        .filter(server -> !server.pod().terminating())
        .filter(server -> !isStrange(model.memory(), server))
        .filter(server -> !model.memory().pod().equals(Optional.of(server.pod().name())));
  }

  /** It has copied something else since it started: another Redis may have got the address. */
  private static boolean isStrange(Memory memory, Server server) {
    return server.isLiveCopy() && !memory.isOfLine(server.link().replicationId());
  }

  /** A link to another address says nothing about this primary. */
  private static boolean isCurrent(StandaloneModel model, Server server) {
    boolean fresh = server.link().linkUp() || server.link().linkDownSeconds() <= FRESH_SECONDS;
    return (fresh && followsFormer(model, server)) || model.memory().wasInSync(server);
  }

  private static boolean followsFormer(StandaloneModel model, Server server) {
    return model
        .memory()
        .pod()
        .flatMap(pod -> model.view().pod(pod))
        .map(member -> member.pod().ip())
        .filter(ip -> ip.equals(server.link().masterHost()))
        .isPresent();
  }

  private static Comparator<Server> order(Memory memory) {
    return Comparator.<Server>comparingInt(memory::age)
        .reversed()
        .thenComparingLong(server -> server.link().offset())
        .thenComparingLong(server -> server.snapshot().keys())
        .thenComparingInt(server -> -server.pod().ordinal());
  }
}
