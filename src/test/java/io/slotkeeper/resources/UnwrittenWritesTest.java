package io.slotkeeper.resources;

import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slotkeeper.testing.EachServerVersion;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed while its disk is busy: its replica has what is not in its AOF. */
@Timeout(60)
@EachServerVersion
class UnwrittenWritesTest {
  private final String name;
  private final List<Container> containers = new ArrayList<>();
  @TempDir Path root;

  UnwrittenWritesTest(String name) {
    this.name = name;
  }

  @AfterEach
  void killAll() {
    containers.forEach(Container::kill);
  }

  private Container start() {
    Container container =
        new Container(
            root.resolve("container" + containers.size()),
            name,
            Case.named("tutorial").blueprint().config(),
            "password");
    containers.add(container);
    container.start();
    return container;
  }

  @Test
  void aKilledMasterWaitsUntilAReplicaWithThemHasTakenOver() throws IOException {
    Container master = start();
    Container replica = start();
    master.cli("cluster", "addslotsrange", "0", "16383");
    master.cli("cluster", "meet", replica.ip, "6379");
    String id = master.cli("cluster", "myid");
    await().until(() -> replica.cli("cluster", "replicate", id).equals("OK"));
    await().until(() -> master.cli("set", "a", "1").equals("OK"));
    await().until(() -> replica.ready() && master.cli("wait", "1", "100").equals("1"));
    Path aof = newestAof(master);
    await().until(() -> Files.readString(aof).endsWith("\r\na\r\n$1\r\n1\r\n"));
    long written = Files.size(aof);
    assertThat(master.cli("set", "b", "2")).isEqualTo("OK");
    assertThat(master.cli("wait", "1", "1000")).isEqualTo("1");

    master.kill();
    cut(aof, written);
    master.launch();
    await()
        .until(
            () -> master.box.read("start.sh.output").contains("waiting until it has taken over"));
    assertThat(replica.cli("get", "b")).startsWith("MOVED").endsWith(master.ip + ":6379");
    replica.cli("cluster", "failover", "takeover");

    await().atMost(Duration.ofSeconds(20)).until(() -> master.cli("role").startsWith("slave"));
    await().until(master::ready);
    assertThat(replica.cli("get", "b")).isEqualTo("2");
    assertThat(master.cli("dbsize")).isEqualTo("2");
  }

  private static Path newestAof(Container master) throws IOException {
    try (Stream<Path> files = Files.list(master.box.path("data/appendonlydir"))) {
      return files
          .filter(file -> file.toString().endsWith(".incr.aof"))
          .max((one, other) -> one.toString().compareTo(other.toString()))
          .orElseThrow();
    }
  }

  /** As if what follows had waited for the disk. */
  private static void cut(Path aof, long size) throws IOException {
    FileTime time = Files.getLastModifiedTime(aof);
    try (FileChannel file = FileChannel.open(aof, WRITE)) {
      file.truncate(size);
    }
    Files.setLastModifiedTime(aof, time);
  }
}
