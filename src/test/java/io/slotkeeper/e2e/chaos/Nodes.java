package io.slotkeeper.e2e.chaos;

import io.fabric8.kubernetes.api.model.Pod;
import io.slotkeeper.e2e.Space;
import io.slotkeeper.e2e.chaos.Havoc.Done;
import io.slotkeeper.testing.Program;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Does to a whole node what takes all the pods on it along; and undoes it. */
final class Nodes {

  /** What happens to a node. */
  enum Fate {
    DRAINED,
    CUT_OFF,
    STOPPED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  private final LocalCluster cluster;
  private final Space space;
  private final List<Subject> subjects;

  Nodes(LocalCluster cluster, Space space, List<Subject> subjects) {
    this.cluster = cluster;
    this.space = space;
    this.subjects = subjects;
  }

  /** Returns when it is over for the node. */
  List<Done> suffer(Fate fate, Random random, Map<Subject, Damage> damage)
      throws InterruptedException {
    String node = choose(fate, random);
    List<BooleanSupplier> seen = new ArrayList<>(List.of(() -> isReady(node)));
    if (fate != Fate.CUT_OFF) {
      subjects.forEach(subject ->
          on(node, subject)
              .map(pod -> new Havoc(subject, random).isAnother(pod))
              .forEach(seen::add));
    }
    // Shorter and longer than the node timeout, so with and without an election.
    Duration while_ = Duration.ofMillis(1_000 + random.nextInt(10_000));
    switch (fate) {
      case DRAINED -> drain(node);
      case CUT_OFF -> {
        damage.forEach((subject, its) -> {
          if (subject.servers().replaceTheSilent()) {
            hit(node, subject, its);
          }
        });
        cluster.node("node-cut", node);
        Thread.sleep(while_);
        cluster.node("node-heal", node);
        damage.forEach((subject, its) -> {
          if (subject.servers().serveOnceReplaced()) {
            hit(node, subject, its);
          }
        });
      }
      case STOPPED -> {
        damage.forEach((subject, its) -> hit(node, subject, its));
        cluster.node("node-stop", node);
        Thread.sleep(while_);
        cluster.node("node-start", node);
      }
    }
    return List.of(
        new Done(
            fate + " " + node + (fate == Fate.DRAINED ? "" : " for " + while_.toMillis() + " ms"),
            () -> seen.stream().allMatch(BooleanSupplier::getAsBoolean)));
  }

  /**
   * Not one whose loss is, by design, that of a shard without volumes: see {@link Fault#ofCluster}.
   */
  private String choose(Fate fate, Random random) {
    List<String> nodes =
        new ArrayList<>(
            space.client().nodes().list().getItems().stream()
                .map(node -> node.getMetadata().getName())
                .sorted()
                .toList());
    Collections.shuffle(nodes, random);
    return nodes.stream()
        .filter(node ->
            fate == Fate.CUT_OFF || subjects.stream().allMatch(subject -> survives(subject, node)))
        .findFirst()
        .orElseThrow();
  }

  private static boolean survives(Subject subject, String node) {
    return subject.durable()
        || subject.pods().stream()
            .map(Servers::shard)
            .distinct()
            .allMatch(shard ->
                subject.pods().stream()
                    .filter(pod -> Servers.shard(pod) == shard)
                    .anyMatch(pod -> !node.equals(pod.getSpec().getNodeName())));
  }

  private static Stream<Pod> on(String node, Subject subject) {
    return subject.pods().stream().filter(pod -> node.equals(pod.getSpec().getNodeName()));
  }

  private static void hit(String node, Subject subject, Damage damage) {
    on(node, subject)
        .toList()
        .forEach(pod ->
            damage.hit(
                pod.getMetadata().getName(), Servers.shard(pod), subject.servers().isMaster(pod)));
  }

  private boolean isReady(String node) {
    return space.client().nodes().withName(node).get().getStatus().getConditions().stream()
        .anyMatch(condition ->
            condition.getType().equals("Ready") && condition.getStatus().equals("True"));
  }

  /** As one types it. The disruption budgets may make it wait; a volume keeps its pod here. */
  void drain(String node) {
    try {
      kubectl("drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=100s")
          .orFail();
    } finally {
      kubectl("uncordon", node).orFail();
    }
  }

  private Program.Result kubectl(String... arguments) {
    return space.kubectl(arguments);
  }
}
