package io.slotkeeper.mode.standalone.plan;

import io.slotkeeper.mode.standalone.plan.Lead.Elected;
import io.slotkeeper.mode.standalone.plan.Lead.Leads;
import io.slotkeeper.mode.standalone.plan.Lead.Undecided;
import io.slotkeeper.model.Finding;
import io.slotkeeper.model.Finding.Kind;
import io.slotkeeper.model.PodRole;
import io.slotkeeper.observe.AcceptedLosses;
import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.resources.Names;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which server leads. No server decides that by itself: each starts as the replica of nothing, or
 * of the primary that it finds. Properties:
 *
 * <ul>
 *   <li>the primary that is remembered stays primary as long as its process may run: a second one
 *       would take writes that one of the two loses;
 *   <li>none is elected while another may have got its role unseen;
 *   <li>where its process is dead, the best copy of its data takes over at once; data on a disk
 *       takes over only where there is no such copy;
 *   <li>an empty server never leads in place of one that had data, while a copy exists or may come.
 * </ul>
 */
final class Election {

  private Election() {}

  static Lead of(StandaloneModel model) {
    return UnseenSuccessor.notBeside(model, choose(model));
  }

  private static Lead choose(StandaloneModel model) {
    Memory memory = model.memory();
    if (memory.pod().isEmpty()) {
      return FirstElection.of(model);
    }
    String pod = memory.pod().get();
    Optional<Server> last = model.server(pod);
    Optional<Server> same = last.filter(server -> server.id().equals(memory.process()));
    Optional<Server> elected = elected(model);
    if (elected.isPresent()) {
      return new Leads(elected.get(), false);
    }
    if (same.filter(Server::isMaster).isPresent()) {
      return new Leads(
          same.get(), !model.electorate().contradicts(same.get().ref(), memory.term()));
    }
    Optional<Lead> successor = successor(model, pod);
    if (successor.isPresent()) {
      return successor.get();
    }
    if (same.isPresent()) {
      return demoted(model, same.get());
    }
    Optional<Finding> heir = Heirs.silent(model, pod);
    if (heir.isPresent()) {
      return new Undecided(heir.get());
    }
    return last.map(server -> restarted(model, server)).orElseGet(() -> missing(model, pod));
  }

  /**
   * Others have elected it, and it is a master. Clients that ask these have written to it, whatever
   * its history; but an empty one is none.
   */
  private static Optional<Server> elected(StandaloneModel model) {
    return model
        .electorate()
        .choice(model.memory().term())
        .flatMap(choice -> model.server(choice.pod()))
        .filter(Server::isMaster)
        .filter(server -> !model.memory().leads(server))
        .filter(server ->
            server.hasKeys() || model.memory().isOfLine(server) || model.wasInSync(server));
  }

  /** Another server has taken over meanwhile: by a hand-over as its pod stopped, or by hand. */
  private static Optional<Lead> successor(StandaloneModel model, String former) {
    List<Server> masters =
        model.servers().stream()
            .filter(server -> server.isMaster() && !server.pod().name().equals(former))
            .filter(server ->
                model.memory().isPresent(server)
                    || model.memory().continues(server)
                    || model.wasInSync(server))
            .toList();
    return switch (masters.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(new Leads(masters.getFirst(), false));
      default ->
          Optional.of(
              masters.stream()
                  .filter(server -> server.pod().role() == PodRole.MASTER)
                  .findFirst()
                  .<Lead>map(server -> new Leads(server, false))
                  .orElseGet(() -> new Undecided(ambiguous(masters))));
    };
  }

  private static Finding ambiguous(List<Server> servers) {
    List<String> pods = servers.stream().map(server -> server.pod().name()).sorted().toList();
    return new Finding(
        Kind.FOREIGN_NODE,
        "Pods %s have data, and nothing tells which is the newest. Nothing is changed, and nothing is served. Look into each with `kubectl exec`, and make the right one primary: run `REPLICAOF NO ONE` on it, and `REPLICAOF 127.0.0.1 1` on the others; theirs is lost then."
            .formatted(String.join(", ", pods)));
  }

  /** The process of the primary runs, and is no master any more. */
  private static Lead demoted(StandaloneModel model, Server last) {
    Optional<Server> next =
        model.servers().stream().filter(other -> last.follows(other)).findFirst();
    if (last.link().failingOver()) {
      return handingOver(last, next);
    }
    // It follows a server that is no master, or none of ours; its data is still the newest.
    return model.memory().isOfLine(last)
        ? new Elected(last, null, "")
        : restarted(model, last); // it has copied something else
  }

  private static Lead handingOver(Server last, Optional<Server> next) {
    String pod = last.pod().name();
    return next.<Lead>map(server ->
            new Undecided(
                new Finding(
                    Kind.WAITING,
                    "Pod %s is handing over to pod %s.".formatted(pod, server.pod().name()))))
        .orElseGet(() ->
            new Lead.Stuck(
                last,
                new Finding(
                    Kind.WAITING,
                    "Pod %s is handing over to a server that does not answer: it becomes primary again."
                        .formatted(pod))));
  }

  /** The pod of the primary has another process, or its data is not what it was. */
  private static Lead restarted(StandaloneModel model, Server last) {
    Optional<Server> unseen = UnseenSuccessor.of(model);
    if (unseen.isPresent()) {
      return new Leads(unseen.get(), false);
    }
    boolean alone = model.servers().stream().noneMatch(s -> !s.isSame(last) && s.isLiveCopy());
    boolean whole = last.hasKeys() || !model.memory().data().heldKeys();
    if (last.isMaster() && alone && whole) {
      return new Leads(last, false);
    }
    Optional<Server> copy = Copies.best(model, !whole);
    if (copy.isPresent() && !isBetter(last, copy.get(), whole)) {
      return new Elected(
          copy.get(),
          dead(model, last.pod().name()),
          "the server of pod %s was started again".formatted(last.pod().name()));
    }
    return whole ? fromDisk(model, last) : empty(model, last);
  }

  /** What it found on its disk goes further than what the copy has in memory. */
  private static boolean isBetter(Server last, Server copy, boolean whole) {
    return whole
        && last.hasKeys()
        && last.link().replicationId().equals(copy.link().replicationId())
        && last.link().offset() > copy.link().offset();
  }

  /**
   * The primary has what was on its disk. An AOF has everything, and comes with a new replication
   * id; a dump has the id and offset of when it was written, and another server may have more. A
   * dump from before the first replica has neither, and may be as old as that.
   */
  private static Lead fromDisk(StandaloneModel model, Server last) {
    Memory memory = model.memory();
    boolean known = memory.isOfLine(last.link().replicationId());
    // An unknown history is from before those that are remembered; an AOF comes without any.
    boolean all = !known && last.snapshot().appendOnly();
    if (all || memory.data().replicationIds().isEmpty()) {
      return again(model, last);
    }
    Optional<Awaited> awaited = Awaited.find(model, last.pod().name());
    if (awaited.isPresent() && !isAccepted(model)) {
      return new Undecided(waiting(model, last, "with an older dump of its data", awaited.get()));
    }
    Optional<Server> unclear = Copies.incomparable(model, last);
    if (unclear.isPresent() && !isAccepted(model)) {
      return unclear(model, last, "with an older dump of its data", unclear.get());
    }
    Server newest = Copies.newest(model, last);
    return newest.isSame(last)
        ? again(model, last)
        : new Elected(
            newest,
            dead(model, last.pod().name()),
            "the server of pod %s came back with an older dump".formatted(last.pod().name()));
  }

  /** The primary came back without its data, and no server has copied it since. */
  private static Lead empty(StandaloneModel model, Server last) {
    Optional<Awaited> awaited = Awaited.find(model, last.pod().name());
    boolean accepted = isAccepted(model);
    if (awaited.isPresent() && !accepted) {
      return new Undecided(waiting(model, last, "without its data", awaited.get()));
    }
    boolean cache = isCache(model);
    Optional<Server> unclear = Copies.incomparable(model, last);
    if (unclear.isPresent() && !accepted) {
      return unclear(model, last, "without its data", unclear.get());
    }
    Optional<Server> copy = Copies.bestFromDisk(model);
    Optional<Server> older = Copies.anyFromDisk(model);
    if (copy.isPresent() || (older.isPresent() && (accepted || cache))) {
      return new Elected(
          copy.or(() -> older).orElseThrow(),
          dead(model, last.pod().name()),
          "the server of pod %s came back without its data".formatted(last.pod().name()));
    }
    return older.isEmpty() && (cache || accepted)
        ? again(model, last)
        : new Undecided(lost(model, last, older));
  }

  /** On another Kubernetes node than before, its former process may still run. */
  private static Lead again(StandaloneModel model, Server last) {
    NodeId process = model.memory().process();
    Set<String> nodes = process == null ? Set.of() : model.view().remembered().nodesOf(process);
    boolean moved = !nodes.isEmpty() && !nodes.equals(Set.of(String.valueOf(last.pod().node())));
    return new Elected(
        last, moved ? dead(model, last.pod().name()) : null, "its pod was placed on another node");
  }

  private static Finding waiting(StandaloneModel model, Server last, String how, Awaited awaited) {
    return new Finding(
        Kind.MASTER_DOWN,
        "The server of pod %s, which was primary, came back %s. %s"
            .formatted(last.pod().name(), how, awaited.message(model, "", acceptance(model))));
  }

  /** In words that end a sentence. */
  private static String acceptance(StandaloneModel model) {
    return model.memory().process() == null
        ? "delete its claim, and its pod if there is one."
        : "accept the loss: `kubectl annotate rd %s %s=%s --overwrite`."
            .formatted(
                model.topology().name(),
                AcceptedLosses.ANNOTATION,
                model.memory().process().value());
  }

  private static Finding lost(StandaloneModel model, Server last, Optional<Server> older) {
    return new Finding(
        Kind.SHARD_LOST,
        "The server of pod %s came back without its data, and %s. Nothing is served, so that no application takes it for the whole. %s, %s"
            .formatted(
                last.pod().name(),
                older
                    .map(server -> "pod %s has an older copy".formatted(server.pod().name()))
                    .orElse("no other pod has a copy"),
                older.isPresent() ? "To go on with that copy" : "If the data is not needed",
                acceptance(model)));
  }

  /** A cache goes on with what is probably newer: old volumes are rare. */
  private static Lead unclear(StandaloneModel model, Server last, String how, Server other) {
    String came = "the server of pod %s came back %s".formatted(last.pod().name(), how);
    return isCache(model)
        ? new Elected(other, dead(model, last.pod().name()), came)
        : new Undecided(
            new Finding(
                Kind.SHARD_LOST,
                "The server of pod %s came back %s, and nothing tells whether pod %s has an older copy or a newer one. Nothing is served. To go on without what only that pod has, %s"
                    .formatted(last.pod().name(), how, other.pod().name(), acceptance(model))));
  }

  private static boolean isCache(StandaloneModel model) {
    return !model.topology().updates().persistent();
  }

  private static boolean isAccepted(StandaloneModel model) {
    return model.memory().process() != null
        && model.view().acceptedLosses().masters().contains(model.memory().process());
  }

  /** The server of the primary does not answer. */
  private static Lead missing(StandaloneModel model, String pod) {
    Optional<String> evidence = Deaths.evidence(model, pod);
    Optional<Server> unseen = evidence.flatMap(_ -> UnseenSuccessor.of(model));
    if (unseen.isPresent()) {
      return new Leads(unseen.get(), false);
    }
    boolean gone = model.view().pod(pod).isEmpty() && !model.view().claims().contains(pod);
    Optional<Server> copy = evidence.flatMap(_ -> Copies.best(model, gone || isAccepted(model)));
    if (copy.isPresent()) {
      return new Elected(copy.get(), dead(model, pod), evidence.get());
    }
    if (gone || (evidence.isPresent() && isAccepted(model))) {
      Optional<Server> fromDisk = Copies.bestFromDisk(model);
      if (fromDisk.isPresent()) {
        // A dump may be older than another one, whatever was in sync while the servers ran.
        Optional<Awaited> awaited =
            fromDisk.get().snapshot().appendOnly() || isAccepted(model)
                ? Optional.empty()
                : Awaited.find(model, pod);
        return awaited.isPresent()
            ? new Undecided(withoutVolume(model, pod, awaited.get()))
            : new Elected(fromDisk.get(), dead(model, pod), evidence.orElse(""));
      }
    }
    return new Undecided(
        hasNoPlace(model, pod) ? withoutPod(model, pod) : down(model, pod, evidence));
  }

  private static Finding withoutVolume(StandaloneModel model, String pod, Awaited awaited) {
    return new Finding(
        Kind.MASTER_DOWN,
        "The primary in pod %s is gone with its volume. %s"
            .formatted(
                pod, awaited.message(model, " than the dumps of the others", acceptance(model))));
  }

  private static Finding down(StandaloneModel model, String pod, Optional<String> evidence) {
    Optional<Server> older = evidence.flatMap(_ -> Copies.best(model, true));
    return new Finding(
        Kind.MASTER_DOWN,
        "The primary in pod %s does not answer%s. %s%s"
            .formatted(
                pod,
                evidence.map(why -> ": " + why).orElse(""),
                model.topology().replicas() == 0
                    ? "There is no replica that could take over."
                    : "No replica takes over: %s."
                        .formatted(
                            evidence.isEmpty()
                                ? "it may still run and take writes"
                                : "none is known to have all of its data"),
                older.map(copy -> goOn(model, copy)).orElse("")));
  }

  private static String goOn(StandaloneModel model, Server copy) {
    return " If it will not come back, go on with the older copy in pod %s: %s"
        .formatted(copy.pod().name(), acceptance(model));
  }

  /** The Redis was recreated over kept claims with fewer replicas: no pod will bring this one. */
  private static boolean hasNoPlace(StandaloneModel model, String pod) {
    return !Awaited.isPlaced(model, pod) && model.view().claims().contains(pod);
  }

  private static Finding withoutPod(StandaloneModel model, String pod) {
    return new Finding(
        Kind.CLAIM_WITHOUT_POD,
        "Claim %s has the data of the last primary, and no pod. Nothing older is served in its place. %s Or delete that claim, if its data is not needed: then the other pods' data is served, which may be older."
            .formatted(Names.claimOfPod(pod), Awaited.remedy(model, pod)));
  }

  private static Action.@Nullable Dead dead(StandaloneModel model, String pod) {
    return model.memory().process() == null
        ? null
        : new Action.Dead(
            model.memory().process(),
            pod,
            model.view().remembered().nodesOf(model.memory().process()));
  }
}
