package io.slotkeeper.testing;

import io.slotkeeper.redis.cluster.NodeAddress;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One server process, and its data, which outlives it. */
public final class RedisServer {
  private static final Duration START = Duration.ofSeconds(20);

  private final RedisServers servers;
  private final Path data;
  private final List<String> settings;
  private volatile String ip = RedisServers.nextAddress();
  private volatile @Nullable Process process;

  RedisServer(RedisServers servers, Path data, List<String> settings) {
    this.servers = servers;
    this.data = data;
    this.settings = settings;
  }

  public String ip() {
    return ip;
  }

  /** The directory of its data, which outlives it. */
  public Path data() {
    return data;
  }

  /** Where clients and other nodes find it. */
  public NodeAddress address() {
    return RedisServers.address(ip);
  }

  /** With the right password. Its owner is another after each restart, as a pod's UID is. */
  public Endpoint endpoint() {
    Process running = process;
    return servers.endpoint("pid-" + (running == null ? 0 : running.pid()), ip);
  }

  public String cli(String... command) {
    return servers.cli(ip, command);
  }

  /** SIGKILL; returns when the process is gone. */
  public void kill() {
    Process running = process;
    if (running == null) {
      return;
    }
    running.destroyForcibly();
    try {
      if (!running.waitFor(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("process " + running.pid() + " survives SIGKILL");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** SIGSTOP: it is alive and says nothing, until {@link #thaw} or {@link #kill}. */
  public void freeze() {
    signal("STOP");
  }

  public void thaw() {
    signal("CONT");
  }

  private void signal(String name) {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("not running");
    }
    try {
      int exit =
          new ProcessBuilder("sh", "-c", "kill -" + name + " " + running.pid()).start().waitFor();
      if (exit != 0) {
        throw new IllegalStateException("kill: " + exit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Deletes what it has written, as far as it is meant by the name of the file or directory. */
  public void lose(Predicate<String> meant) {
    try (Stream<Path> files = Files.list(data)) {
      for (Path file : files.filter(path -> meant.test(path.getFileName().toString())).toList()) {
        try (Stream<Path> below = Files.walk(file)) {
          for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(path);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it again with its data, where it was. */
  public void restart(String... more) {
    kill();
    start(more);
  }

  /** Starts it again with its data, at another address. */
  public void restartElsewhere() {
    kill();
    ip = RedisServers.nextAddress();
    start();
  }

  void start(String... more) {
    List<String> lines = new java.util.ArrayList<>(settings);
    lines.addAll(List.of(more));
    Process started = servers.launch(data, ip, lines);
    process = started;
    long deadline = System.nanoTime() + START.toNanos();
    while (!listens()) {
      if (!started.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException("the server did not start: " + output());
      }
      Thread.onSpinWait();
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(ip, RedisServers.PORT), 1000);
      return true;
    } catch (IOException e) {
      return pause();
    }
  }

  private static boolean pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return false;
  }

  private String output() {
    try {
      return Files.readString(data.resolve("output"))
          + (Files.exists(data.resolve("log")) ? Files.readString(data.resolve("log")) : "");
    } catch (IOException e) {
      return e.toString();
    }
  }
}
