package io.slotkeeper.mode.standalone.plan;

import io.slotkeeper.observe.ClaimState;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.RememberedShard;
import io.slotkeeper.redis.cluster.NodeId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which server led last, as the status remembers it, or the claims where there is no status: a
 * claim outlives its Redis.
 *
 * @param pod of the last primary; empty where there never was one
 * @param process of the last primary; null where only a claim tells of it
 * @param term counts the primaries; 0 before the first
 * @param data what is remembered of the data: the replication ids it had, and the pods that were in
 *     sync when the primary last answered
 */
record Memory(Optional<String> pod, @Nullable NodeId process, long term, RememberedShard data) {

  static Memory of(ClusterView view) {
    RememberedShard data = view.remembered().shard(0);
    RememberedShard.Owner owner = data.owner();
    Optional<Map.Entry<String, ClaimState>> claim =
        view.inventory().claims().entrySet().stream()
            .filter(entry -> entry.getValue().term() > 0)
            .max(
                Comparator.<Map.Entry<String, ClaimState>>comparingLong(
                        entry -> entry.getValue().term())
                    .thenComparing(Map.Entry::getKey));
    long term = claim.map(entry -> entry.getValue().term()).orElse(0L);
    Optional<String> recorded =
        owner == null ? Optional.empty() : view.remembered().podOf(owner.id());
    return owner != null && recorded.isPresent() && owner.epoch() >= term
        ? new Memory(recorded, owner.id(), owner.epoch(), data)
        : new Memory(claim.map(Map.Entry::getKey), null, term, data);
  }

  /**
   * Others have elected another one since, which is gone again: it led last. What it had taken is
   * on its volume, and in those that have copied it: these have a history that began with it, which
   * is not known.
   *
   * @param copies servers that followed it
   */
  Memory succeededBy(Electorate.Choice choice, @Nullable NodeId elected, List<Server> copies) {
    List<Server> own = copies.stream().filter(server -> !knowsIdOf(server)).toList();
    List<String> ids =
        own.stream().map(server -> server.link().replicationId()).distinct().toList();
    RememberedShard last =
        ids.size() == 1
            ? new RememberedShard(
                data.owner(),
                Stream.concat(data.replicationIds().stream(), ids.stream()).toList(),
                own.stream().map(server -> server.pod().name()).collect(Collectors.toSet()),
                data.heldKeys() || own.stream().anyMatch(Server::hasKeys))
            : data;
    return new Memory(Optional.of(choice.pod()), elected, choice.term(), last);
  }

  private boolean knowsIdOf(Server server) {
    return data.replicationIds().contains(server.link().replicationId());
  }

  /** It is the process that is recorded as the primary. */
  boolean leads(Server server) {
    return server.id().equals(process);
  }

  /** Whether data of this replication id is the primary's, or was. Everything is, at first. */
  boolean isOfLine(@Nullable String replicationId) {
    return data.replicationIds().isEmpty() || data.replicationIds().contains(replicationId);
  }

  /**
   * The primary was recorded before it was promoted, and has not been seen since: its history has
   * got an id that is not known. Its own id stands for that until then.
   */
  boolean isPending() {
    return process != null
        && !data.replicationIds().isEmpty()
        && data.replicationIds().getLast().equals(process.value());
  }

  /** The last id that is known of its history. */
  private Optional<String> present() {
    return data.replicationIds().reversed().stream().skip(isPending() ? 1 : 0).findFirst();
  }

  boolean isPresent(Server server) {
    return present().filter(server.link().replicationId()::equals).isPresent();
  }

  /** Its history goes on from the last one that is known, under another id. */
  boolean continues(Server server) {
    return present().filter(id -> id.equals(server.link().secondReplicationId())).isPresent();
  }

  /** Its history is known, so that its age is. */
  boolean knows(Server server) {
    return knowsIdOf(server) || continues(server);
  }

  /** Its data, or what it continues, is that of the primary. */
  boolean isOfLine(Server server) {
    return isOfLine(server.link().replicationId())
        || (server.link().secondReplicationId() != null
            && isOfLine(server.link().secondReplicationId()));
  }

  /** It was in sync when the primary last answered. */
  boolean wasInSync(Server server) {
    return data.copies().contains(server.pod().name());
  }

  /**
   * Offsets compare within one id only; 0 is the present id, -1 what has gone on from there, and an
   * unknown one is the oldest.
   */
  int age(Server server) {
    int index = data.replicationIds().indexOf(server.link().replicationId());
    if (index < 0 && continues(server)) {
      return -1;
    }
    return index < 0 ? data.replicationIds().size() : data.replicationIds().size() - 1 - index;
  }
}
