package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slotkeeper.testing.RedisServers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A real server, run as the kubelet would, by the real scripts; but for its address and names. */
final class Container {
  final String ip = RedisServers.nextAddress();
  final Sandbox box;
  private final String name;
  private final @Nullable String password;
  private final String pod;
  private final String start;
  private final int port;
  private @Nullable Process process;

  /**
   * @param root an empty directory
   * @param name of the server, like "redis-7.0"
   * @param settings what the redis.conf of the ConfigMap has
   */
  Container(Path root, String name, Map<String, String> settings, @Nullable String password) {
    this(new Sandbox(root, ""), name, settings, password, "");
  }

  /**
   * @param box with the scripts
   * @param pod its name, which leads to an address where a file in "names" says so
   */
  Container(
      Sandbox box,
      String name,
      Map<String, String> settings,
      @Nullable String password,
      String pod) {
    this(box, name, password, pod, "start.sh", Ports.CLIENT);
    configure(settings);
  }

  private Container(
      Sandbox box, String name, @Nullable String password, String pod, String start, int port) {
    this.name = name;
    this.start = start;
    this.port = port;
    this.password = password;
    this.box = box;
    this.pod = pod;
    box.password(password == null ? "" : password);
    Path programs = RedisServers.programs(name);
    box.program("bin/redis-server", "exec %s/server \"$@\"\n".formatted(programs));
    // No name service is asked about a name with an empty part: it is not known.
    box.program(
        "bin/redis-cli",
        """
        option=
        for word; do
          shift
          case $option$word in
          -h*-gvr) word=$(cat "$SANDBOX/names/${word%%%%.*}" 2>/dev/null || echo not..known) ;;
          esac
          set -- "$@" "$word"
          option=
          [ "$word" != -h ] || option=-h
        done
        exec %s/cli -h %s "$@"
        """
            .formatted(programs, ip));
  }

  /** A Sentinel. It is the only one on its address, as in a pod. */
  static Container sentinel(Sandbox box, String name, @Nullable String password, String pod) {
    var container = new Container(box, name, password, pod, "start-sentinel.sh", Ports.SENTINEL);
    box.program(
        "bin/redis-server",
        "echo bind %s >>\"$1\"\nexec %s/server \"$@\"\n"
            .formatted(container.ip, RedisServers.programs(name)));
    return container;
  }

  /** From now on the name of a pod leads to an address. */
  void resolve(String name, String address) {
    box.write("names/" + name, address + "\n");
  }

  void configure(Map<String, String> settings) {
    Map<String, String> local = new TreeMap<>(settings);
    local.put("bind", ip);
    local.put("bind-source-addr", ip);
    local.replaceAll((key, value) ->
        value
            .replace("/data", box.path("data").toString())
            .replace("/etc/slotkeeper", box.path("config").toString()));
    box.write("config/redis.conf", RedisConf.render(local));
  }

  void launch() {
    process = box.start(start, environment());
  }

  private Map<String, String> environment() {
    return Map.of("POD_IP", ip, "HOSTNAME", pod);
  }

  void start() {
    launch();
    await()
        .failFast(
            () -> assertThat(process).as(box.read(start + ".output")).matches(Process::isAlive))
        .until(() -> cli("ping").equals("PONG"));
  }

  String cli(String... command) {
    return cliWith(password, command);
  }

  String cliWith(@Nullable String auth, String... command) {
    ProcessBuilder builder =
        new ProcessBuilder(RedisServers.programs(name).resolve("cli").toString())
            .redirectErrorStream(true);
    boolean tls = Files.exists(box.path("config/tls"));
    // Each port with TLS is the one after that without.
    builder.command().addAll(List.of("-h", ip, "-p", Integer.toString(tls ? port + 1 : port)));
    if (tls) {
      builder
          .command()
          .addAll(List.of("--tls", "--cacert", box.path("config/secrets/ca.crt").toString()));
    }
    builder.command().addAll(List.of(command));
    if (auth != null) {
      builder.environment().put("REDISCLI_AUTH", auth);
    }
    try {
      Process cli = builder.start();
      cli.getOutputStream().close();
      String output =
          new String(cli.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      Sandbox.exitCode(cli);
      return output;
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** What redis-cli prints in the container, as {@code kubectl exec} runs it. */
  String exec(Map<String, String> environment, String... command) {
    Map<String, String> all = new TreeMap<>(environment);
    all.put("PATH", box.searchPath());
    return box.command(all, command[0], List.of(command).subList(1, command.length)).strip();
  }

  /** As the readiness probe does. */
  boolean ready() {
    return Sandbox.exitCode(box.start("ready.sh", environment())) == 0;
  }

  /** As the kubelet does where a pod is deleted: the hook, then the signal. */
  int stop() {
    hook();
    return terminate();
  }

  /** The hook alone. */
  void hook() {
    box.run("stop.sh", environment());
  }

  /** The signal alone. */
  int terminate() {
    process().destroy();
    return Sandbox.exitCode(process());
  }

  /** To the server alone, not to the script that runs it. */
  void signal(String signal) throws IOException {
    for (ProcessHandle child : process().children().toList()) {
      assertThat(
              Sandbox.exitCode(
                  new ProcessBuilder("kill", "-" + signal, Long.toString(child.pid())).start()))
          .isZero();
    }
  }

  Process process() {
    if (process == null) {
      throw new IllegalStateException("not started");
    }
    return process;
  }

  /** As when the container has used too much memory: the server is killed, and then all of it. */
  int kill() {
    if (process == null) {
      return 0;
    }
    List<ProcessHandle> children = new ArrayList<>(process.descendants().toList());
    children.forEach(ProcessHandle::destroyForcibly);
    return Sandbox.exitCode(process);
  }
}
