package io.slotkeeper.mode.standalone.plan;

import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.ServerRef;
import java.util.List;
import java.util.Optional;

/** Which servers must follow the primary, and which replicas are surplus. */
final class Replicas {

  private Replicas() {}

  /** Also another master: the primary is the one that is recorded. */
  static List<Action> follow(StandaloneModel model, Server primary) {
    return model.replicasOf(primary).stream()
        .filter(server -> !server.follows(primary) && !server.pod().terminating())
        .filter(server -> !primary.link().failingOver())
        .<Action>map(server -> new Action.Follow(server.ref(), primary.ref()))
        .toList();
  }

  /**
   * Surplus replicas go, the highest pods first, as a StatefulSet removes them; so the primary must
   * not be among them.
   */
  static List<Action> scaleDown(StandaloneModel model, Server primary) {
    int replicas = model.topology().replicas();
    boolean tooMany =
        model.view().members().stream()
            .anyMatch(m -> m.pod().ordinal() > replicas && !m.pod().terminating());
    if (!tooMany) {
      return List.of();
    }
    List<ServerRef> copies =
        model.replicasOf(primary).stream()
            .filter(server -> server.pod().ordinal() <= replicas && !server.pod().terminating())
            .filter(server -> server.inSyncWith(primary))
            .map(Server::ref)
            .toList();
    if (primary.pod().ordinal() > replicas) {
      Optional<ServerRef> next = copies.stream().findFirst();
      return next.<List<Action>>map(copy -> List.of(new Action.HandOver(primary.ref(), copy)))
          .orElse(List.of());
    }
    return copies.size() >= replicas
        ? List.of(new Action.ShrinkShard(0, replicas + 1, primary.ref()))
        : List.of();
  }
}
