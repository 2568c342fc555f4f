package io.slotkeeper.resources;

import io.slotkeeper.api.Mode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What the servers of one mode have that those of others have not: everything in the shared objects
 * that depends on the mode comes from here.
 *
 * @param ports that a server listens on
 * @param links how many connections to a server each other server of its Redis may have
 * @param fixed settings that the user cannot change
 * @param defaults settings that the user can change
 * @param startOnly settings that running servers are not given
 * @param scripts the files of the ConfigMap that are scripts, and where each comes from
 * @param facts further files, with what the scripts need to know of the Redis
 */
record ServerKind(
    List<Port> ports,
    int links,
    Map<String, String> fixed,
    Map<String, String> defaults,
    Set<String> startOnly,
    Map<String, String> scripts,
    Function<ResolvedSpec, Map<String, String>> facts) {

  static final String START = "start.sh";
  static final String READY = "ready.sh";
  static final String STOP = "stop.sh";

  /** Stands for redis-cli, first in the PATH of the containers. */
  private static final String CLI = "cli.sh";

  /** How many other servers there may be: only where there is none does one start as primary. */
  private static final String REPLICAS = "replicas";

  /** Which Redis a server belongs to: a Kubernetes cluster has no two of the same. */
  private static final String REDIS = "redis";

  /** How many Sentinels there are: a starting one asks the others. */
  static final String SENTINELS = "sentinels";

  /** The name under which the Sentinels know the primary. */
  private static final String MASTER_NAME = "master-name";

  /** The scripts of a Sentinel's container. */
  static final String START_SENTINEL = "start-sentinel.sh";

  static final String READY_SENTINEL = "ready-sentinel.sh";

  /** A port as the container and the Services call it. */
  record Port(String name, int number) {}

  private static final Port CLIENT = new Port(Ports.CLIENT_NAME, Ports.CLIENT);

  private static final ServerKind CLUSTER =
      new ServerKind(
          List.of(CLIENT, new Port(Ports.BUS_NAME, Ports.BUS)),
          2, // the cluster bus: clusterAcceptHandler, acceptCommonHandler
          Map.of(
              "cluster-enabled", "yes",
              "cluster-port", Integer.toString(Ports.BUS),
              "cluster-config-file", "/data/nodes.conf",
              // Which replica follows which master is planned; by itself a replica would leave its
              // shard, and a drained master would become a replica of another.
              "cluster-allow-replica-migration", "no"),
          Map.of(
              ConfigDefaults.NODE_TIMEOUT,
              "5000",
              // One lost shard does not stop the others; the condition SlotsCovered reports it.
              "cluster-require-full-coverage",
              "no",
              // The servers' own elections stay careful: a replica that has long been cut off needs
              // evidence, which only the operator has.
              "cluster-replica-validity-factor",
              "10"),
          Set.of(
              ConfigDefaults.NODE_TIMEOUT, // formation and repair shorten it for a while
              ConfigDefaults.DATABASES), // a cluster has one, whatever a server was asked for
          scripts("start.sh", "stop.sh", "mend.sh", "followers.sh", "unwritten.sh"),
          _ -> Map.of());

  private static final ServerKind STANDALONE =
      new ServerKind(
          List.of(CLIENT),
          1,
          // A server that is nothing yet is a replica of nothing: it must take no writes.
          Map.of("replica-read-only", "yes"),
          Map.of(),
          Set.of(),
          scripts("start-standalone.sh", "stop-standalone.sh"),
          redis ->
              Map.of(
                  REPLICAS,
                  Integer.toString(redis.replicasPerMaster()),
                  REDIS,
                  redis.namespace() + "/" + redis.name()));

  /** The same servers, so that a Standalone can get Sentinels, and lose them, while it runs. */
  private static final ServerKind SENTINEL =
      new ServerKind(
          STANDALONE.ports,
          STANDALONE.links,
          STANDALONE.fixed,
          STANDALONE.defaults,
          STANDALONE.startOnly,
          with(STANDALONE.scripts, START_SENTINEL, READY_SENTINEL, "sentinels.sh", "announce.sh"),
          redis -> {
            Map<String, String> facts = new LinkedHashMap<>(STANDALONE.facts.apply(redis));
            facts.put(SENTINELS, Integer.toString(redis.requireSentinel().sentinels()));
            facts.put(MASTER_NAME, redis.masterName());
            return facts;
          });

  private static Map<String, String> with(Map<String, String> scripts, String... more) {
    Map<String, String> all = new LinkedHashMap<>(scripts);
    for (String script : more) {
      all.put(script, script);
    }
    return all;
  }

  static ServerKind of(Mode mode) {
    return switch (mode) {
      case Cluster -> CLUSTER;
      case Standalone -> STANDALONE;
      case Sentinel -> SENTINEL;
    };
  }

  private static Map<String, String> scripts(String start, String stop, String... more) {
    Map<String, String> scripts = new LinkedHashMap<>();
    scripts.put(START, start);
    for (String shared :
        new String[] {
          "launch.sh",
          "password.sh",
          "memory.sh",
          "accepted.sh",
          "users.sh",
          "run.sh",
          "persistence.sh",
          "program.sh"
        }) {
      scripts.put(shared, shared);
    }
    for (String own : more) {
      scripts.put(own, own);
    }
    scripts.put(READY, READY);
    scripts.put(STOP, stop);
    scripts.put("leave.sh", "leave.sh");
    // Both, whatever the engine: an image need not have a program of that name.
    scripts.put("redis-cli", CLI);
    scripts.put("valkey-cli", CLI);
    return scripts;
  }
}
