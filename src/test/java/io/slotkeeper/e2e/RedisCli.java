package io.slotkeeper.e2e;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** redis-cli, or valkey-cli, in the container of a server: as {@code kubectl exec} runs it. */
public record RedisCli(KubernetesClient client, String namespace, String pod) {

  /** What it prints, to either of its outputs, without the last line break. */
  public String run(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                "exec $(command -v redis-cli || command -v valkey-cli) \"$@\"",
                "redis-cli"));
    command.addAll(List.of(arguments));
    return exec(command.toArray(String[]::new));
  }

  /** Any command in the server's container. */
  public String exec(String... command) {
    var output = new ByteArrayOutputStream();
    try (ExecWatch exec =
        client
            .pods()
            .inNamespace(namespace)
            .withName(pod)
            .inContainer("redis")
            .writingOutput(output)
            .writingError(output)
            .exec(command)) {
      exec.exitCode().orTimeout(60, TimeUnit.SECONDS).join();
    } catch (KubernetesClientException | CompletionException e) {
      throw new AssertionError("exec in " + pod + " failed: " + e.getMessage(), e);
    }
    return output.toString(StandardCharsets.UTF_8).strip();
  }

  /** The cluster as this server sees it. */
  public List<Node> nodes() {
    return run("cluster", "nodes").lines().map(Node::parse).toList();
  }

  public Node self() {
    return nodes().stream().filter(Node::isMyself).findFirst().orElseThrow();
  }

  /**
   * A line of {@code CLUSTER NODES}, read independently of the operator's own reader.
   *
   * @param flags separated by commas
   * @param master its id; "-" for a master
   * @param slots separated by blanks; empty for a replica
   */
  public record Node(String id, String ip, String flags, String master, String slots) {

    public static Node parse(String line) {
      String[] fields = line.strip().split(" ", 9);
      if (fields.length < 8) {
        throw new AssertionError("no line of CLUSTER NODES: " + line);
      }
      String ip = fields[1].substring(0, Math.max(0, fields[1].indexOf(':')));
      return new Node(fields[0], ip, fields[2], fields[3], fields.length > 8 ? fields[8] : "");
    }

    public boolean isMyself() {
      return is("myself");
    }

    public boolean isMaster() {
      return is("master");
    }

    private boolean is(String flag) {
      return List.of(flags.split(",")).contains(flag);
    }

    /** All is well with it. */
    public boolean isSound() {
      return !flags.contains("fail") && !is("handshake") && !is("noaddr") && !ip.isEmpty();
    }

    /** Its identity and its role: what all servers must agree on. */
    public String creed() {
      return id + " " + ip + " " + (isMaster() ? "master" : "replica of " + master) + " " + slots;
    }
  }
}
