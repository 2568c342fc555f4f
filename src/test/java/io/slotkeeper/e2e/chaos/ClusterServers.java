package io.slotkeeper.e2e.chaos;

import io.fabric8.kubernetes.api.model.Pod;
import io.slotkeeper.e2e.RedisCli.Node;
import io.slotkeeper.e2e.TestRedis;
import io.slotkeeper.e2e.chaos.RespConnection.ErrorReply;
import io.slotkeeper.resources.Ports;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The servers of a Redis Cluster. */
record ClusterServers(
    ClusterNetwork network, Addresses addresses, String password, int masters, int replicas)
    implements Servers {

  /** One server's answers. */
  private record Said(Pod pod, List<Node> nodes, String info, String replication) {
    Node self() {
      return nodes.stream().filter(Node::isMyself).findFirst().orElseThrow();
    }

    String podName() {
      return pod.getMetadata().getName();
    }
  }

  static ClusterServers of(
      TestRedis redis, int masters, int replicas, ClusterNetwork network, Addresses addresses) {
    return new ClusterServers(network, addresses, Subject.password(redis), masters, replicas);
  }

  ClusterServers resized(int masters) {
    return new ClusterServers(network, addresses, password, masters, replicas);
  }

  /** The slots that masters say they have, of those that answer. */
  Map<Pod, BitSet> slots() {
    Map<Pod, BitSet> slots = new LinkedHashMap<>();
    for (Pod pod : addresses.pods()) {
      self(pod).filter(Node::isMaster).ifPresent(node -> slots.put(pod, slots(node)));
    }
    return slots;
  }

  private static BitSet slots(Node node) {
    var slots = new BitSet();
    for (String range : node.slots().split(" ", -1)) {
      if (!range.isEmpty() && !range.startsWith("[")) {
        String[] ends = range.split("-", 2);
        slots.set(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1);
      }
    }
    return slots;
  }

  /**
   * A master with slots half given away ({@code "->-"}) or half taken ({@code "-<-"}), key by key.
   */
  Optional<Pod> opening(String mark) {
    return addresses.pods().stream()
        .filter(pod -> self(pod).filter(node -> node.slots().contains(mark)).isPresent())
        .findFirst();
  }

  private Optional<Node> self(Pod pod) {
    try {
      return Optional.of(ask(pod).self());
    } catch (IOException | ErrorReply e) {
      return Optional.empty();
    }
  }

  @Override
  public List<String> entries() {
    return addresses.ips();
  }

  @Override
  public boolean replaceTheSilent() {
    return true;
  }

  @Override
  public boolean isMaster(Pod pod) {
    return self(pod).filter(Node::isMaster).isPresent();
  }

  @Override
  public List<String> problemsByTool(TestRedis redis) {
    String said = redis.cli(0, 0).run("--cluster", "check", "127.0.0.1:" + Ports.CLIENT);
    boolean sound =
        said.contains("[OK] All nodes agree about slots configuration.")
            && said.contains("[OK] All 16384 slots covered.")
            && !said.contains("[ERR]")
            && !said.contains("[WARNING]");
    return sound ? List.of() : List.of("redis-cli --cluster check says:\n" + said);
  }

  /** What keeps them from being one whole cluster; empty where they are. */
  @Override
  public List<String> problems() {
    List<Pod> pods = addresses.pods();
    if (pods.size() != masters * (1 + replicas)) {
      return List.of(pods.size() + " pods");
    }
    List<Said> all = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Pod pod : pods) {
      if (pod.getMetadata().getDeletionTimestamp() != null) {
        problems.add(pod.getMetadata().getName() + " is being deleted");
        continue;
      }
      try {
        all.add(ask(pod));
      } catch (IOException | ErrorReply e) {
        problems.add(pod.getMetadata().getName() + ": " + e);
      }
    }
    if (problems.isEmpty()) {
      all.forEach(said -> check(said, all, problems));
    }
    return problems;
  }

  private void check(Said said, List<Said> all, List<String> problems) {
    String pod = said.podName();
    Set<String> ips =
        all.stream().map(other -> other.pod().getStatus().getPodIP()).collect(Collectors.toSet());
    Set<String> seen = said.nodes().stream().map(Node::ip).collect(Collectors.toSet());
    if (said.nodes().size() != all.size() || !seen.equals(ips)) {
      problems.add(pod + " knows the addresses " + seen + ", not " + ips);
    }
    said.nodes().stream()
        .filter(node -> !node.isSound() || node.slots().contains("["))
        .forEach(node -> problems.add(pod + " sees " + node));
    if (!creed(said).equals(creed(all.getFirst()))) {
      problems.add(pod + " does not see the same as " + all.getFirst().podName());
    }
    if (!said.info().contains("cluster_state:ok")
        || !said.info().contains("cluster_slots_ok:16384")) {
      problems.add(pod + ": " + said.info().lines().limit(3).toList());
    }
    if (said.self().isMaster()) {
      long copies =
          all.stream().filter(other -> other.self().master().equals(said.self().id())).count();
      if (said.self().slots().isEmpty() || copies != replicas) {
        problems.add(
            pod + " is master of " + said.self().slots() + " with " + copies + " replicas");
      }
    } else if (!said.replication().contains("master_link_status:up")) {
      problems.add(pod + " is not linked to its master");
    } else if (all.stream()
        .noneMatch(other ->
            other.self().id().equals(said.self().master())
                && Servers.shard(other.pod()) == Servers.shard(said.pod()))) {
      problems.add(pod + " is a replica in another shard");
    }
  }

  private static Set<String> creed(Said said) {
    return said.nodes().stream().map(Node::creed).collect(Collectors.toCollection(HashSet::new));
  }

  private Said ask(Pod pod) throws IOException, ErrorReply {
    try (var server = connect(pod)) {
      return new Said(
          pod,
          server.text("CLUSTER", "NODES").lines().map(Node::parse).toList(),
          server.text("CLUSTER", "INFO"),
          server.text("INFO", "replication"));
    }
  }

  @Override
  public String describe() {
    return Servers.describe(this, List.of("CLUSTER", "NODES"), List.of("INFO", "replication"));
  }
}
