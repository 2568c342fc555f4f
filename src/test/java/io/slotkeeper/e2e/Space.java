package io.slotkeeper.e2e;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.slotkeeper.api.Redis;
import io.slotkeeper.testing.Program;
import io.slotkeeper.testing.TestCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ThrowingRunnable;

/** A namespace of a class of tests, under Pod Security restricted. */
public record Space(TestCluster cluster, String name, InstalledOperator operator) {
  /** Only a failure reaches it, however busy the machine is. */
  static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final Duration INTERVAL = Duration.ofMillis(200);

  public KubernetesClient client() {
    return cluster.client();
  }

  /**
   * Creates a Redis.
   *
   * @param changes in YAML, merged over a small spec: see {@link TestRedis#DEFAULTS}
   */
  public TestRedis create(String redis, String changes) {
    return new TestRedis(this, redis).create(changes);
  }

  public Pod pod(String pod) {
    return client().pods().inNamespace(name).withName(pod).get();
  }

  public RedisCli cli(String pod) {
    return new RedisCli(client(), name, pod);
  }

  public List<Event> events() {
    return client().events().v1().events().inNamespace(name).list().getItems();
  }

  /** Runs kubectl as one types it, in this namespace. */
  public Program.Result kubectl(String... arguments) {
    List<String> command = new ArrayList<>(List.of("kubectl", "-n", name));
    command.addAll(List.of(arguments));
    return Program.run(cluster.environment(), command);
  }

  /** Has kubectl apply a manifest, in this namespace. */
  public Program.Result apply(String manifest) {
    try {
      Path file = Files.createTempFile("manifest-", ".yaml");
      try {
        return kubectl("apply", "-f", Files.writeString(file, manifest).toString());
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits until an assertion holds. Objects come and go while it is evaluated: an assertion that
   * finds one gone is evaluated again, like one that does not hold yet.
   */
  public static void awaitAsserted(ThrowingRunnable assertion) {
    await()
        .atMost(PATIENCE)
        .pollInterval(INTERVAL)
        .pollDelay(Duration.ZERO)
        .untilAsserted(() -> {
          try {
            assertion.run();
          } catch (RuntimeException e) {
            throw new AssertionError("not readable yet", e);
          }
        });
  }

  /** What a person would look at. */
  public String describe() {
    return String.join(
        "\n",
        kubectl("describe", "rd").output(),
        kubectl("get", "pods,pvc,sts", "-o", "wide").output(),
        kubectl("get", "events", "--sort-by=.lastTimestamp").output(),
        operatorLog());
  }

  private String operatorLog() {
    return operator
        .log()
        .lines()
        .filter(line -> line.contains("\"" + name + "\"") || !line.contains("resource.namespace"))
        .toList()
        .reversed()
        .stream()
        .limit(60)
        .toList()
        .reversed()
        .stream()
        .reduce("", (all, line) -> all + line + "\n");
  }

  /** Asks for the deletion of everything in it, and does not wait for that. */
  public void delete() {
    client().resources(Redis.class).inNamespace(name).delete();
    client().namespaces().withName(name).delete();
  }
}
