package io.slotkeeper.e2e.chaos;

import io.fabric8.kubernetes.api.model.Pod;
import io.slotkeeper.testing.Program;
import io.slotkeeper.testing.TestCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The cluster of {@code dev/cluster/cluster}: its nodes can be hurt, and its pods' processes are
 * this machine's.
 *
 * @param name as in {@code cluster --name}
 */
record LocalCluster(String name) {

  /** That of the tests; empty where they run on another kind of cluster. */
  static Optional<LocalCluster> of(TestCluster cluster) {
    Path kubeconfig = Path.of(cluster.environment().getOrDefault("KUBECONFIG", "/"));
    String name =
        String.valueOf(
            kubeconfig.getNameCount() < 2 ? "" : kubeconfig.getName(kubeconfig.getNameCount() - 2));
    return Optional.of(new LocalCluster(name)).filter(local -> Files.exists(local.network()));
  }

  /** The network in which clients reach pods. */
  Path network() {
    return Path.of("/run/netns", name + "-control-plane");
  }

  /** The network of a node: from there, the addresses of Services lead to pods. */
  Path networkWithServices() {
    return Path.of("/run/netns", name + "-node-1");
  }

  /**
   * @param what node-stop, node-start, node-cut or node-heal
   * @param node as the API server calls it, for example node-1
   */
  void node(String what, String node) {
    String number = node.substring(node.lastIndexOf('-') + 1);
    Program.run(List.of("dev/cluster/cluster", what, number, "--name", name)).orFail();
  }

  /** SIGKILL for the process of a pod that is called one of these names. */
  static void kill(Pod pod, Set<String> names) {
    signal("KILL", pod, names);
  }

  /**
   * @param signal its name, for example STOP, for the process of a pod that is called one of these
   *     names
   */
  static void signal(String signal, Pod pod, Set<String> names) {
    List<Long> found = processes(pod.getMetadata().getUid(), names).toList();
    if (found.size() != 1) {
      throw new IllegalStateException(
          found.size() + " of " + names + " in " + pod.getMetadata().getName());
    }
    Program.run(List.of("kill", "-" + signal, Long.toString(found.getFirst()))).orFail();
  }

  static boolean runs(Pod pod, String process) {
    return processes(pod.getMetadata().getUid(), Set.of(process)).findAny().isPresent();
  }

  private static Stream<Long> processes(String uid, Set<String> names) {
    try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
      return entries
          .filter(entry -> entry.getFileName().toString().matches("\\d+"))
          .filter(entry -> names.contains(read(entry.resolve("comm")).strip()))
          .filter(entry -> read(entry.resolve("cgroup")).replace('_', '-').contains(uid))
          .map(entry -> Long.valueOf(entry.getFileName().toString()))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return ""; // it has ended
    }
  }
}
