package io.slotkeeper.e2e.chaos;

import io.fabric8.kubernetes.api.model.Pod;
import io.slotkeeper.e2e.TestRedis;
import io.slotkeeper.e2e.chaos.RespConnection.ErrorReply;
import io.slotkeeper.resources.Ports;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A primary with its replicas, and the Sentinels that its clients ask where it is. */
record ServersAndSentinels(PrimaryAndReplicas servers, int sentinels) implements Servers {

  @Override
  public ClusterNetwork network() {
    return servers.network();
  }

  @Override
  public Addresses addresses() {
    return servers.addresses();
  }

  @Override
  public String password() {
    return servers.password();
  }

  @Override
  public int masters() {
    return servers.masters();
  }

  @Override
  public int replicas() {
    return servers.replicas();
  }

  private String masterName() {
    return servers.redis().name();
  }

  /** What the first Sentinel that answers says, and so its clients do. */
  @Override
  public List<String> entries() {
    List<Pod> inTurn = new ArrayList<>(addresses().sentinels());
    Collections.shuffle(inTurn);
    return inTurn.stream()
        .flatMap(sentinel -> named(sentinel).stream())
        .findFirst()
        .map(List::of)
        .orElse(List.of());
  }

  /** Nothing, where it has just started and does not know the primary yet. */
  private Optional<String> named(Pod sentinel) {
    try (var connection = connect(sentinel, Ports.SENTINEL)) {
      return connection.command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", masterName())
                  instanceof List<?> address
              && !address.isEmpty()
          ? Optional.of(String.valueOf(address.getFirst()))
          : Optional.empty();
    } catch (IOException | ErrorReply e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean replaceTheSilent() {
    return true;
  }

  @Override
  public boolean serveOnceReplaced() {
    return true;
  }

  @Override
  public boolean isMaster(Pod pod) {
    return servers.isMaster(pod);
  }

  /** Those of the servers, and each Sentinel that does not know the primary, and all others. */
  @Override
  public List<String> problems() {
    List<String> problems = new ArrayList<>(servers.problems());
    List<Pod> pods = addresses().sentinels();
    if (pods.size() != sentinels) {
      problems.add(pods.size() + " Sentinels");
    }
    List<Pod> primaries = addresses().pods().stream().filter(this::isMaster).toList();
    if (primaries.size() == 1) {
      Map<String, String> wanted =
          Map.of(
              "ip", primaries.getFirst().getStatus().getPodIP(),
              "flags", "master",
              "num-slaves", Integer.toString(replicas()),
              "num-other-sentinels", Integer.toString(sentinels - 1));
      pods.forEach(sentinel -> check(sentinel, wanted, problems));
    }
    return problems;
  }

  private void check(Pod sentinel, Map<String, String> wanted, List<String> problems) {
    String name = sentinel.getMetadata().getName();
    try {
      Map<String, String> known = master(sentinel);
      if (!known.entrySet().containsAll(wanted.entrySet())) {
        problems.add(name + " knows " + known + ", not " + wanted);
      }
    } catch (IOException | ErrorReply e) {
      problems.add(name + ": " + e);
    }
  }

  private Map<String, String> master(Pod sentinel) throws IOException, ErrorReply {
    try (var connection = connect(sentinel, Ports.SENTINEL)) {
      var fields = (List<?>) connection.command("SENTINEL", "MASTER", masterName());
      Map<String, String> master = new HashMap<>();
      for (int i = 0; i + 1 < fields.size(); i += 2) {
        master.put(String.valueOf(fields.get(i)), String.valueOf(fields.get(i + 1)));
      }
      return master;
    }
  }

  @Override
  public List<String> problemsByTool(TestRedis redis) {
    return List.of();
  }

  @Override
  public String describe() {
    var text = new StringBuilder(servers.describe());
    for (Pod sentinel : addresses().sentinels()) {
      text.append("--- ").append(sentinel.getMetadata().getName()).append(" says\n");
      try {
        text.append(master(sentinel)).append('\n');
      } catch (IOException | ErrorReply e) {
        text.append(e).append('\n');
      }
    }
    return text.toString();
  }
}
