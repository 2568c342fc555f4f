package io.slotkeeper.mode.standalone.plan;

import io.slotkeeper.mode.standalone.plan.Lead.Elected;
import io.slotkeeper.mode.standalone.plan.Lead.Leads;
import io.slotkeeper.mode.standalone.plan.Lead.Undecided;
import io.slotkeeper.model.Finding;
import io.slotkeeper.model.Finding.Kind;
import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.Member;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The first primary, where none is remembered. Usually all servers are empty; but volumes may have
 * been restored, or belong to a Redis whose status is lost.
 */
final class FirstElection {

  private FirstElection() {}

  static Lead of(StandaloneModel model) {
    Optional<String> awaited =
        model.topology().pods().stream().filter(pod -> mayHaveData(model, pod)).findFirst();
    List<Server> withData = model.servers().stream().filter(Server::hasKeys).toList();
    if (awaited.isPresent()) {
      return new Undecided(
          new Finding(
              Kind.WAITING,
              "Pod %s has not answered yet, and may have data.".formatted(awaited.get())));
    }
    if (withData.isEmpty()) {
      return model.servers().stream()
          .filter(server -> !server.pod().terminating())
          .min(
              Comparator.comparing((Server server) -> !server.isMaster())
                  .thenComparingInt(server -> server.pod().ordinal()))
          .map(FirstElection::lead)
          .orElseGet(() -> new Undecided(new Finding(Kind.WAITING, "No server has answered yet.")));
    }
    List<Server> sources =
        withData.stream()
            .filter(server -> withData.stream().noneMatch(other -> server.follows(other)))
            .toList();
    return sources.size() == 1
        ? lead(sources.getFirst())
        : new Undecided(
            new Finding(
                Kind.FOREIGN_NODE,
                "Several pods have data, and none is known to be a copy of another: %s. Nothing is changed, and nothing is served. Choose one of them; of each other one, once its data is not needed, delete the claim data-<pod> and then the pod."
                    .formatted(
                        String.join(
                            ", ", sources.stream().map(s -> s.pod().name()).sorted().toList()))));
  }

  private static Lead lead(Server server) {
    return server.isMaster() ? new Leads(server, false) : new Elected(server, null, "");
  }

  /** Its server has run before, or there is a volume that is bound: not one that was just made. */
  private static boolean mayHaveData(StandaloneModel model, String pod) {
    if (model.server(pod).isPresent()) {
      return false;
    }
    Optional<PodState> seen = model.view().pod(pod).map(Member::pod);
    boolean bound =
        model.view().inventory().claimOf(pod).filter(claim -> claim.bound()).isPresent();
    return bound || seen.filter(PodState::started).isPresent();
  }
}
