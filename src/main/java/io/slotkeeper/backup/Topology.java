package io.slotkeeper.backup;

import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterNodesParser;
import io.slotkeeper.redis.cluster.ClusterTable;
import io.slotkeeper.redis.cluster.InfoParser;
import io.slotkeeper.redis.cluster.Interner;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot.Engine;
import io.slotkeeper.redis.cluster.NodeSnapshot.Replication;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.redis.cluster.SlotTask;
import io.slotkeeper.redis.cluster.SlotTaskParser;
import java.lang.module.ModuleDescriptor.Version;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which server has which data, as all servers say it.
 *
 * @param shards by their first slot
 */
record Topology(Engine engine, String version, List<Shard> shards) {

  /**
   * @param slots those of its master; none in a Redis without slots
   * @param replicas that are in sync, the one that is ahead first
   */
  record Shard(SlotSet slots, Server master, List<Server> replicas) {
    Server source(boolean preferReplica) {
      return preferReplica && !replicas.isEmpty() ? replicas.getFirst() : master;
    }
  }

  /** What one server says. */
  record Answer(
      Server server,
      Engine engine,
      String version,
      Replication replication,
      @Nullable ClusterTable table,
      List<SlotTask> tasks) {

    static Answer of(Connection server, boolean cluster) throws java.io.IOException {
      Map<String, String> info = new HashMap<>(InfoParser.parse(server.text("INFO", "server")));
      info.putAll(InfoParser.parse(server.text("INFO", "replication")));
      Engine engine = InfoParser.engine(info);
      ClusterTable table =
          cluster
              ? ClusterNodesParser.parse(server.text("CLUSTER", "NODES"), new Interner<>())
              : null;
      return new Answer(
          server.server(),
          engine,
          InfoParser.version(info),
          InfoParser.replication(info),
          table,
          cluster ? tasks(server, engine) : List.of());
    }

    /** None where the version does not know them. */
    private static List<SlotTask> tasks(Connection server, Engine engine)
        throws java.io.IOException {
      try {
        return switch (engine) {
          case REDIS ->
              SlotTaskParser.imports(list(server.ask("CLUSTER", "MIGRATION", "STATUS", "ALL")));
          case VALKEY -> SlotTaskParser.exports(list(server.ask("CLUSTER", "GETSLOTMIGRATIONS")));
        };
      } catch (RedisErrorException e) {
        return List.of();
      }
    }

    private static List<Object> list(@Nullable Object reply) {
      List<Object> list = new ArrayList<>();
      if (reply instanceof List<?> elements) {
        elements.forEach(element -> list.add(Objects.requireNonNullElse(element, "")));
      }
      return list;
    }
  }

  /**
   * @throws NotNow where the servers do not agree, or slots move
   */
  static Topology of(List<Answer> answers, boolean cluster) {
    if (answers.isEmpty()) {
      throw new NotNow("no server answers");
    }
    List<Shard> shards = cluster ? shards(answers) : List.of(only(answers));
    // The oldest version: what it has written, all of them can load.
    Answer oldest =
        answers.stream()
            .min(Comparator.comparing(answer -> Version.parse(answer.version())))
            .orElseThrow();
    return new Topology(oldest.engine(), oldest.version(), shards);
  }

  private static Shard only(List<Answer> answers) {
    List<Answer> masters = answers.stream().filter(a -> a.replication().master()).toList();
    if (masters.size() != 1) {
      throw new NotNow("there are " + masters.size() + " primaries, not one");
    }
    Answer master = masters.getFirst();
    return new Shard(SlotSet.NONE, master.server(), replicas(answers, master));
  }

  private static List<Shard> shards(List<Answer> answers) {
    Map<NodeId, SlotSet> owners = table(answers.getFirst()).slotsByOwner();
    for (Answer answer : answers) {
      ClusterNode itself = table(answer).myself();
      if (itself.hasOpenSlots()
          || answer.tasks().stream().anyMatch(task -> task.state() == SlotTask.State.RUNNING)) {
        throw new NotNow("slots of " + answer.server().pod() + " are being moved");
      }
      if (!table(answer).slotsByOwner().equals(owners)) {
        throw new NotNow("the servers do not agree on the owners of slots");
      }
    }
    SlotSet all = owners.values().stream().reduce(SlotSet.NONE, SlotSet::plus);
    if (!all.equals(SlotSet.ALL)) {
      throw new NotNow(SlotSet.COUNT - all.size() + " slots have no owner");
    }
    List<Shard> shards = new ArrayList<>();
    owners.forEach((id, slots) -> {
      Answer master =
          find(answers, id)
              .filter(answer -> answer.replication().master())
              .orElseThrow(() -> new NotNow("the master of slots " + slots + " does not answer"));
      shards.add(new Shard(slots, master.server(), replicas(answers, master)));
    });
    shards.sort(Comparator.comparingInt(shard -> shard.slots().ranges().getFirst().first()));
    return shards;
  }

  /** It has these slots, and none of them is about to leave. */
  static boolean owns(Answer answer, SlotSet slots) {
    ClusterNode itself = table(answer).myself();
    return itself.slots().equals(slots)
        && !itself.hasOpenSlots()
        && answer.tasks().stream().noneMatch(task -> task.state() == SlotTask.State.RUNNING);
  }

  /** By their replication history: an address may be known under several names. */
  private static List<Server> replicas(List<Answer> answers, Answer master) {
    return answers.stream()
        .filter(answer -> !answer.replication().master() && answer.replication().linkUp())
        .filter(answer -> isOf(answer, master))
        .sorted(Comparator.comparingLong((Answer answer) -> -answer.replication().offset()))
        .map(Answer::server)
        .toList();
  }

  private static boolean isOf(Answer replica, Answer master) {
    return replica.replication().replicationId().equals(master.replication().replicationId());
  }

  private static Optional<Answer> find(List<Answer> answers, NodeId id) {
    return answers.stream().filter(answer -> table(answer).myself().id().equals(id)).findFirst();
  }

  private static ClusterTable table(Answer answer) {
    return Objects.requireNonNull(answer.table(), "asked of every server of a cluster");
  }

  /** It cannot be read now, but perhaps in a few seconds. */
  static final class NotNow extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotNow(String message) {
      super(message);
    }
  }
}
