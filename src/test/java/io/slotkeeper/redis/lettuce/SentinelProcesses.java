package io.slotkeeper.redis.lettuce;

import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.redis.sentinel.Hello;
import io.slotkeeper.redis.sentinel.SentinelNode;
import io.slotkeeper.redis.sentinel.SentinelSnapshot;
import io.slotkeeper.testing.RedisServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Real Sentinels, as processes, each at a loopback address of its own. They have no password. */
final class SentinelProcesses implements AutoCloseable {
  static final int PORT = 26379;

  private final String name;
  private final LettuceNodes nodes;
  private final List<Process> processes = new ArrayList<>();

  SentinelProcesses(String name, LettuceNodes nodes) {
    this.name = name;
    this.nodes = nodes;
  }

  /** A Sentinel that runs. */
  final class Sentinel {
    final String ip = RedisServers.nextAddress();
    final String id;

    private Sentinel(int number) {
      id = "%040x".formatted(number);
    }

    SentinelNode node() {
      return nodes.sentinels().at(new Endpoint(id, ip, PORT, null));
    }

    SentinelSnapshot look(String master) {
      return node().look(master);
    }

    Optional<SentinelSnapshot.Monitored> monitored(String master) {
      return look(master).monitored();
    }

    Hello.Peer peer() {
      return new Hello.Peer(id, ip, PORT);
    }
  }

  /** Returns when it answers. */
  Sentinel start() {
    Sentinel sentinel = new Sentinel(processes.size() + 1);
    try {
      Path directory = Files.createTempDirectory("slotkeeper-sentinel-");
      Path conf = directory.resolve("sentinel.conf");
      Files.write(
          conf,
          List.of(
              "port " + PORT,
              "bind " + sentinel.ip,
              "dir " + directory,
              "logfile " + directory.resolve("log"),
              "protected-mode no",
              "sentinel myid " + sentinel.id,
              "sentinel announce-ip " + sentinel.ip));
      processes.add(
          new ProcessBuilder(
                  RedisServers.programs(name).resolve("server").toString(),
                  conf.toString(),
                  "--sentinel")
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("output").toFile())
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Standalones.eventually(() -> sentinel.look("any").id().equals(sentinel.id));
    return sentinel;
  }

  List<Sentinel> start(int count) {
    List<Sentinel> started = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      started.add(start());
    }
    return started;
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    processes.forEach(process -> process.onExit().join());
  }
}
