package io.slotkeeper.mode.standalone.plan;

import io.slotkeeper.mode.standalone.plan.Lead.Elected;
import io.slotkeeper.mode.standalone.plan.Lead.Undecided;
import io.slotkeeper.model.Finding;
import io.slotkeeper.model.Finding.Kind;
import java.util.List;
import java.util.Optional;

/**
 * A primary of which neither the process nor the history is known: it was started, and handed the
 * role, while no operator looked. It may have copied anything since it started.
 */
final class UnseenSuccessor {

  private UnseenSuccessor() {}

  /**
   * The only primary, if all others are in sync with it, by themselves or as the user wanted, and
   * no pod may bring more. An empty one counts, too, where the others have nothing any more. Only
   * to be asked where the recorded process is no primary any more.
   */
  static Optional<Server> of(StandaloneModel model) {
    List<Server> masters = model.servers().stream().filter(Server::isMaster).toList();
    return masters.size() == 1
        ? masters.stream()
            .filter(master -> !master.pod().terminating())
            .filter(master -> isFollowed(model, master))
            .filter(master -> Awaited.find(model, master.pod().name()).isEmpty())
            .findFirst()
        : Optional.empty();
  }

  private static boolean isFollowed(StandaloneModel model, Server master) {
    List<Server> others = model.replicasOf(master);
    return !others.isEmpty()
        && others.stream().allMatch(other -> other.inSyncWith(master))
        && (master.hasKeys() || others.stream().noneMatch(Server::hasKeys));
  }

  /** No server is promoted beside a primary, whatever that one is: the user decides. */
  static Lead notBeside(StandaloneModel model, Lead lead) {
    if (!(lead instanceof Elected(Server chosen, _, _)) || chosen.isMaster()) {
      return lead;
    }
    return model.servers().stream()
        .filter(Server::isMaster)
        .findFirst()
        .<Lead>map(master -> new Undecided(finding(chosen, master)))
        .orElse(lead);
  }

  private static Finding finding(Server chosen, Server master) {
    String best = chosen.pod().name();
    String other = master.pod().name();
    return new Finding(
        Kind.FOREIGN_NODE,
        "Pod %s is known to have data of the last primary, but pod %s is a primary, and nothing tells where it has its data from. Nothing is changed until that is decided. Look into both with `kubectl exec`. To go on with pod %s, run `REPLICAOF 127.0.0.1 1` on the other; to go on with pod %s, run `REPLICAOF %s 6379` on all others. What only the others have is lost then."
            .formatted(best, other, best, other, master.pod().ip()));
  }
}
