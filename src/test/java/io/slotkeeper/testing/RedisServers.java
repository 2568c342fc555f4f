package io.slotkeeper.testing;

import io.slotkeeper.redis.cluster.NodeAddress;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.redis.lettuce.LettuceNodes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Real servers of one engine and version, as processes. Each has a loopback address of its own and
 * listens on the ports a pod has, so that addresses change with restarts as they do for pods.
 *
 * <p>Nothing secret is in an argument vector: the configuration goes in by standard input.
 */
public final class RedisServers implements AutoCloseable {
  public static final int PORT = 6379;
  public static final int BUS_PORT = 16379;

  /** Never the same address again, nor that of another JVM at work: nodes remember addresses. */
  private static final AtomicInteger ADDRESSES = new AtomicInteger();

  private final Path programs;
  private final Path directory;
  private final @Nullable String password;
  private volatile @Nullable String passwordOfCli;
  private final ConcurrentLinkedQueue<RedisServer> servers = new ConcurrentLinkedQueue<>();
  private final Thread hook = new Thread(this::killAll);

  /**
   * @param name of the server, like "redis-7.0" or "valkey-9.1"
   * @param password null for none
   */
  public RedisServers(String name, @Nullable String password) {
    this.programs = programs(name);
    this.password = password;
    passwordOfCli = password;
    try {
      this.directory = Files.createTempDirectory("slotkeeper-" + name + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** The servers that are supported, like "redis-7.0": those of {@code dev/lib.sh}. */
  public static List<String> names() {
    Pattern list = Pattern.compile("(?m)^servers=\\((.+)\\)$");
    try {
      Matcher matcher = list.matcher(Files.readString(Path.of("dev/lib.sh")));
      if (!matcher.find()) {
        throw new IllegalStateException("dev/lib.sh has no line servers=(...)");
      }
      return List.of(matcher.group(1).split(" "));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Those that tests of each version run with: all, or those of {@code -Dservers.versions}, like
   * {@code redis-7.0,valkey-9.1}.
   */
  public static List<String> tested() {
    List<String> all = names();
    String chosen = System.getProperty("servers.versions", "");
    List<String> some = chosen.isEmpty() ? all : List.of(chosen.split(",", -1));
    if (!all.containsAll(some)) {
      throw new IllegalArgumentException(
          "-Dservers.versions=%s: the servers are %s".formatted(chosen, all));
    }
    return some;
  }

  /** Connections to them that wait for a slow machine, where no test is about timeouts. */
  public static LettuceNodes patientNodes() {
    return new LettuceNodes(
        Duration.ofSeconds(20),
        Duration.ofSeconds(20),
        Duration.ofMinutes(1),
        InstantSource.system());
  }

  /** Where the programs "server" and "cli" of a server are. */
  public static Path programs(String name) {
    String cache =
        Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
            .filter(path -> !path.isEmpty())
            .orElse(System.getProperty("user.home") + "/.cache");
    Path programs = Path.of(cache, "slotkeeper", "servers", name);
    if (!Files.isExecutable(programs.resolve("server"))) {
      throw new IllegalStateException(
          "there is no server " + name + " in " + programs + ": run dev/servers " + name);
    }
    return programs;
  }

  /**
   * Starts a new server with an empty data directory; returns when it listens.
   *
   * @param settings lines of redis.conf
   */
  public RedisServer start(String... settings) {
    RedisServer server =
        new RedisServer(this, directory.resolve("server-" + servers.size()), List.of(settings));
    servers.add(server);
    server.start();
    return server;
  }

  public List<RedisServer> start(int count) {
    return Stream.generate(this::start).limit(count).toList();
  }

  /** An unused loopback address, of 16,000 that this JVM has. */
  public static String nextAddress() {
    long pid = ProcessHandle.current().pid();
    int number = ADDRESSES.getAndIncrement();
    return "127.%d.%d.%d"
        .formatted(64 + pid % 128, (pid / 128 % 4) * 64 + number / 250 % 64, 1 + number % 250);
  }

  Endpoint endpoint(String owner, String ip) {
    return new Endpoint(owner, ip, PORT, password);
  }

  Process launch(Path data, String ip, List<String> settings) {
    List<String> lines = new ArrayList<>();
    lines.add("port " + PORT);
    lines.add("bind " + ip);
    lines.add("bind-source-addr " + ip);
    lines.add("protected-mode no");
    lines.add("dir " + data);
    lines.add("logfile " + data.resolve("log"));
    lines.add("cluster-enabled yes");
    lines.add("cluster-port " + BUS_PORT);
    lines.add("cluster-announce-ip " + ip);
    lines.add("cluster-node-timeout 5000");
    lines.add("cluster-allow-replica-migration no");
    lines.add("repl-diskless-sync-delay 0");
    lines.add("appendonly yes");
    lines.add("enable-debug-command yes");
    if (password != null) {
      lines.add("requirepass " + password);
      lines.add("masterauth " + password);
    }
    lines.addAll(settings);
    try {
      Files.createDirectories(data);
      Process process =
          new ProcessBuilder(programs.resolve("server").toString(), "-")
              .redirectErrorStream(true)
              .redirectOutput(data.resolve("output").toFile())
              .start();
      try (var stdin = process.outputWriter(StandardCharsets.UTF_8)) {
        stdin.write(String.join("\n", lines) + "\n");
      }
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The servers have been given another password: {@code redis-cli} logs in with that. */
  public void passwordOfCli(String other) {
    passwordOfCli = other;
  }

  /** What {@code redis-cli} prints for a command. */
  String cli(String ip, String... command) {
    List<String> line =
        new ArrayList<>(List.of(programs.resolve("cli").toString(), "-h", ip, "-e"));
    line.addAll(List.of(command));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    String login = passwordOfCli;
    if (login != null) {
      builder.environment().putAll(Map.of("REDISCLI_AUTH", login));
    }
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(String.join(" ", command) + ": " + output);
      }
      return output.strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static NodeAddress address(String ip) {
    return new NodeAddress(ip, PORT, BUS_PORT);
  }

  private void killAll() {
    servers.forEach(RedisServer::kill);
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(hook);
    killAll();
    // A child of a server that was killed may still be writing a dump.
    for (int i = 0; i < 10; i++) {
      try {
        deleteAll();
        return;
      } catch (UncheckedIOException e) {
        if (i == 9) {
          throw e;
        }
      }
    }
  }

  private void deleteAll() {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
