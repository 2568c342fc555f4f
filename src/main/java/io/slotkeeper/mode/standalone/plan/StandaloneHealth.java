package io.slotkeeper.mode.standalone.plan;

import io.slotkeeper.observe.RememberedShard;
import io.slotkeeper.plan.Health;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The health of a Standalone: one shard that serves everything, or nothing. */
final class StandaloneHealth {
  /** Each restart and each failover creates a new id; a copy is hardly ever this far behind. */
  private static final int KEPT = 5;

  private StandaloneHealth() {}

  static Health of(StandaloneModel model, Lead lead) {
    if (!(lead instanceof Lead.Leads(Server primary, boolean recorded))) {
      return new Health(
          SlotSet.NONE,
          false,
          true,
          List.of(
              new Health.Shard(
                  0,
                  SlotSet.NONE,
                  null,
                  List.of(),
                  names(model.servers()),
                  0,
                  model.memory().data())));
    }
    List<Server> replicas = model.replicasOf(primary);
    List<Server> inSync = replicas.stream().filter(s -> s.inSyncWith(primary)).toList();
    List<Server> behind = replicas.stream().filter(s -> !inSync.contains(s)).toList();
    boolean agreed = replicas.stream().noneMatch(Server::isMaster) && !primary.link().failingOver();
    return new Health(
        SlotSet.ALL,
        agreed,
        true,
        List.of(
            new Health.Shard(
                0,
                SlotSet.ALL,
                primary.pod().name(),
                names(inSync),
                names(behind),
                primary.snapshot().keys(),
                recorded ? remembered(model, primary, inSync) : model.memory().data())));
  }

  private static RememberedShard remembered(
      StandaloneModel model, Server primary, List<Server> inSync) {
    return new RememberedShard(
        new RememberedShard.Owner(primary.id(), model.memory().term(), SlotSet.ALL),
        ids(model, primary),
        copies(model, primary, inSync),
        primary.hasKeys());
  }

  /** The pods that have all of the data now. */
  private static Set<String> copies(StandaloneModel model, Server primary, List<Server> inSync) {
    List<String> wanted = model.topology().pods();
    return Stream.concat(Stream.of(primary), inSync.stream())
        .map(server -> server.pod().name())
        .filter(pod -> wanted.contains(pod) || pod.equals(primary.pod().name()))
        .collect(Collectors.toSet());
  }

  /** The ids that the data has, or had and a replica or a dump may still have; the present last. */
  private static List<String> ids(StandaloneModel model, Server primary) {
    String present = primary.link().replicationId();
    List<String> ids = new ArrayList<>(model.memory().data().replicationIds());
    ids.remove(present);
    ids.remove(primary.id().value());
    ids.add(present);
    return List.copyOf(ids.subList(Math.max(0, ids.size() - KEPT), ids.size()));
  }

  private static List<String> names(List<Server> servers) {
    return servers.stream().map(server -> server.pod().name()).toList();
  }
}
