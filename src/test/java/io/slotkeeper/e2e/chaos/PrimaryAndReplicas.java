package io.slotkeeper.e2e.chaos;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.slotkeeper.e2e.TestRedis;
import io.slotkeeper.e2e.chaos.RespConnection.ErrorReply;
import io.slotkeeper.resources.Labels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The servers of a Standalone, and the Services that lead to them. */
record PrimaryAndReplicas(
    TestRedis redis, ClusterNetwork network, Addresses addresses, String password, int replicas)
    implements Servers {
  private static final String MASTER = "master";

  static PrimaryAndReplicas of(
      TestRedis redis, int replicas, ClusterNetwork network, Addresses addresses) {
    return new PrimaryAndReplicas(redis, network, addresses, Subject.password(redis), replicas);
  }

  @Override
  public int masters() {
    return 1;
  }

  /** The pods that the Service leads to, by its rule: so a lost node takes no client along. */
  @Override
  public List<String> entries() {
    return addresses.pods().stream()
        .filter(pod -> role(pod).equals(MASTER) && Readiness.isPodReady(pod))
        .map(pod -> pod.getStatus().getPodIP())
        .toList();
  }

  @Override
  public boolean replaceTheSilent() {
    return false;
  }

  private static String role(Pod pod) {
    return pod.getMetadata().getLabels().getOrDefault(Labels.ROLE, "");
  }

  @Override
  public boolean isMaster(Pod pod) {
    try {
      return ask(pod).isPrimary();
    } catch (IOException | ErrorReply e) {
      return false;
    }
  }

  /** One server's {@code INFO replication}. */
  private record Said(Pod pod, Map<String, String> replication) {
    String name() {
      return pod.getMetadata().getName();
    }

    String at(String field) {
      return replication.getOrDefault(field, "");
    }

    boolean isPrimary() {
      return at("role").equals(MASTER);
    }
  }

  private Said ask(Pod pod) throws IOException, ErrorReply {
    try (var server = connect(pod)) {
      Map<String, String> fields = new TreeMap<>();
      server
          .text("INFO", "replication")
          .lines()
          .map(line -> line.split(":", 2))
          .filter(field -> field.length == 2)
          .forEach(field -> fields.put(field[0], field[1].strip()));
      return new Said(pod, fields);
    }
  }

  /** What keeps them from being one primary with its replicas behind the Services. */
  @Override
  public List<String> problems() {
    List<Pod> pods = addresses.pods();
    if (pods.size() != 1 + replicas) {
      return List.of(pods.size() + " pods");
    }
    List<Said> all = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Pod pod : pods) {
      String name = pod.getMetadata().getName();
      if (pod.getMetadata().getDeletionTimestamp() != null) {
        problems.add(name + " is being deleted");
        continue;
      }
      try {
        all.add(ask(pod));
      } catch (IOException | ErrorReply e) {
        problems.add(name + ": " + e);
      }
    }
    List<Said> primaries = all.stream().filter(Said::isPrimary).toList();
    if (problems.isEmpty() && primaries.size() != 1) {
      problems.add("primaries: " + primaries.stream().map(Said::name).toList());
    }
    if (problems.isEmpty()) {
      Said primary = primaries.getFirst();
      all.forEach(said -> check(said, primary, problems));
      checkServices(primary, all, problems);
    }
    return problems;
  }

  private void check(Said said, Said primary, List<String> problems) {
    String wanted = said.isPrimary() ? MASTER : "replica";
    if (!role(said.pod()).equals(wanted)) {
      problems.add(said.name() + " has the label " + role(said.pod()) + ", not " + wanted);
    }
    if (said.isPrimary()) {
      if (!said.at("connected_slaves").equals(Integer.toString(replicas))) {
        problems.add(said.name() + " has " + said.at("connected_slaves") + " replicas");
      }
    } else if (!said.at("master_link_status").equals("up")
        || !said.at("master_host").equals(primary.pod().getStatus().getPodIP())
        || !said.at("master_replid").equals(primary.at("master_replid"))) {
      problems.add(said.name() + " does not follow " + primary.name() + ": " + said.replication());
    }
  }

  private void checkServices(Said primary, List<Said> all, List<String> problems) {
    checkService(redis.name(), Set.of(primary.name()), problems);
    checkService(
        redis.name() + "-replicas",
        all.stream()
            .filter(said -> replicas == 0 || !said.isPrimary())
            .map(Said::name)
            .collect(Collectors.toSet()),
        problems);
    if (!redis.master(0).equals(primary.name())) {
      problems.add("the status says that " + redis.master(0) + " is primary");
    }
  }

  private void checkService(String service, Set<String> wanted, List<String> problems) {
    Set<String> now = new TreeSet<>(redis.endpoints(service));
    if (!now.equals(wanted)) {
      problems.add("Service " + service + " leads to " + now + ", not " + wanted);
    }
  }

  @Override
  public List<String> problemsByTool(TestRedis redis) {
    return List.of();
  }

  @Override
  public String describe() {
    return Servers.describe(this, List.of("INFO", "replication"));
  }
}
