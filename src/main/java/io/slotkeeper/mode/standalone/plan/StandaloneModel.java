package io.slotkeeper.mode.standalone.plan;

import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.plan.ModeModel;
import io.slotkeeper.plan.Safeguard;
import io.slotkeeper.plan.Safeguards;
import io.slotkeeper.plan.Topology;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the rules work on: the view, and what follows from it.
 *
 * @param servers those that answered
 * @param electorate others that may elect a primary
 * @param primary where it answers and is one; empty before the election
 */
record StandaloneModel(
    Topology topology,
    ClusterView view,
    List<Server> servers,
    Memory memory,
    Electorate electorate,
    Optional<Server> primary)
    implements ModeModel {

  static StandaloneModel of(Topology topology, ClusterView view, Electorate electorate) {
    List<Server> servers =
        view.members().stream()
            .flatMap(member -> member.snapshot().map(seen -> new Server(member, seen)).stream())
            .filter(server -> !server.snapshot().isCluster())
            .filter(server -> !isOfPredecessor(topology, server.pod()))
            .toList();
    Memory recorded = Memory.of(view);
    Memory memory =
        electorate
            .choice(recorded.term())
            .filter(Electorate.Choice::gone)
            .map(gone ->
                recorded.succeededBy(
                    gone, view.remembered().members().get(gone.pod()), copies(servers, gone)))
            .orElse(recorded);
    return new StandaloneModel(topology, view, servers, memory, electorate, Optional.empty());
  }

  /** What has copied a server that is gone since, and so has most of its data. */
  private static List<Server> copies(List<Server> servers, Electorate.Choice gone) {
    return servers.stream()
        .filter(Server::isLiveCopy)
        .filter(server -> server.followsAddress(gone.ip()))
        .toList();
  }

  /** It is on its way out since a Redis of this name was deleted; its data is on its claim. */
  private static boolean isOfPredecessor(Topology topology, PodState pod) {
    return pod.terminating() && pod.createdAt().isBefore(topology.updates().since());
  }

  /** The same after the election. */
  StandaloneModel ledBy(Lead lead) {
    return new StandaloneModel(
        topology,
        view,
        servers,
        memory,
        electorate,
        lead instanceof Lead.Leads(Server server, _) ? Optional.of(server) : Optional.empty());
  }

  /** The term in which a server is to lead that is not recorded as the primary. */
  long nextTerm(Server server) {
    return electorate
        .choice(memory.term())
        .filter(choice -> choice.pod().equals(server.pod().name()) && !choice.gone())
        .map(Electorate.Choice::term)
        .orElseGet(() -> Math.max(memory.term(), electorate.lastTerm()) + 1);
  }

  /**
   * It is the very process that was in sync when the primary last answered. Its history may have
   * got more than one new id since, while no operator looked: a server that was handed the role has
   * handed it on, or Sentinels have elected after that.
   */
  boolean wasInSync(Server server) {
    return memory.wasInSync(server)
        && server.id().equals(view.remembered().members().get(server.pod().name()));
  }

  /** There was a primary once: from then on a server without data is a loss, not a beginning. */
  boolean formed() {
    return view.remembered().formed() || memory.pod().isPresent();
  }

  Optional<Server> server(String pod) {
    return servers.stream().filter(server -> server.pod().name().equals(pod)).findFirst();
  }

  Optional<Server> server(PodState pod) {
    return servers.stream().filter(server -> server.pod().uid().equals(pod.uid())).findFirst();
  }

  /** The servers without those that do not answer, or that are about to go. */
  List<Server> replicasOf(Server primary) {
    return servers.stream().filter(server -> !server.isSame(primary)).toList();
  }

  @Override
  public int shards() {
    return 1;
  }

  @Override
  public boolean serves(PodState pod) {
    return server(pod).isPresent();
  }

  @Override
  public boolean leads(PodState pod) {
    return primary()
        .map(server -> server.pod().uid().equals(pod.uid()))
        .orElseGet(() -> memory.pod().filter(pod.name()::equals).isPresent());
  }

  @Override
  public boolean isEmpty(PodState pod) {
    return server(pod).filter(server -> !server.hasKeys() && !leads(pod)).isPresent();
  }

  @Override
  public boolean isUnknown(PodState pod) {
    return !formed() && !view.remembered().members().containsKey(pod.name()) && !serves(pod);
  }

  @Override
  public Optional<Safeguard.InSync> inSync(PodState pod) {
    Optional<Server> primary = primary();
    if (primary.isEmpty()) {
      return Optional.empty();
    }
    Optional<Server> self = server(pod);
    boolean may =
        self.isEmpty() || self.get().isSame(primary.get()) || self.get().inSyncWith(primary.get());
    return Stream.concat(primary.stream(), servers.stream())
        .filter(_ -> may)
        .filter(copy -> !copy.pod().uid().equals(pod.uid()))
        .filter(copy -> copy.isSame(primary.get()) || copy.inSyncWith(primary.get()))
        .filter(copy -> Safeguards.stays(this, copy.pod()))
        .map(copy ->
            new Safeguard.InSync(
                copy.ref(),
                self.map(Server::id).orElse(view.remembered().members().get(pod.name()))))
        .findFirst();
  }

  /**
   * A pod that does not answer may come with data: its volume, or what it has in memory. One that
   * stops has its data for a moment, and the next pod of its name the volume.
   */
  boolean mayBring(String pod) {
    return server(pod)
        .map(server -> server.pod().terminating() && server.hasKeys())
        .orElseGet(() ->
            view.claims().contains(pod)
                || view.pod(pod).map(Member::pod).filter(PodState::started).isPresent());
  }
}
