package io.slotkeeper.redis.lettuce;

import static io.slotkeeper.redis.lettuce.Standalones.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.cluster.NodeSnapshot.Replication;
import io.slotkeeper.testing.EachServerVersion;
import io.slotkeeper.testing.RawConnection;
import io.slotkeeper.testing.RedisServer;
import io.slotkeeper.testing.RedisServers;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A master gives its role to a replica, and its clients go with it. */
@Timeout(60)
@EachServerVersion
class HandOverTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Standalones all;
  private final RedisServer master;
  private final RedisServer replica;

  HandOverTest(String name) {
    all = new Standalones(name);
    master = all.start();
    replica = all.startReplica(master);
  }

  @AfterEach
  void close() {
    all.close();
  }

  private boolean haveSwapped() {
    return all.replication(replica).master()
        && !all.replication(master).failingOver()
        && all.isInSync(master, replica);
  }

  @Test
  void losesNoAcknowledgedWriteAndSwapsTheRoles() throws Exception {
    Replication before = all.replication(master);
    CountDownLatch writing = new CountDownLatch(1000);
    List<CompletableFuture<Long>> writers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String counter = "counter" + i;
      CompletableFuture<Long> acknowledged = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> acknowledged.complete(countUp(counter, writing)));
      writers.add(acknowledged);
    }
    assertThat(writing.await(30, TimeUnit.SECONDS)).isTrue();

    all.node(master).handOver(replica.ip(), RedisServers.PORT, LONG);

    eventually(this::haveSwapped);
    for (int i = 0; i < writers.size(); i++) {
      long acknowledged = writers.get(i).get(30, TimeUnit.SECONDS);
      assertThat(replica.cli("GET", "counter" + i)).isEqualTo(Long.toString(acknowledged));
    }
    assertThat(all.replication(replica).secondReplicationId()).isEqualTo(before.replicationId());
    assertThat(replica.cli("INFO", "stats")).contains("sync_full:0", "sync_partial_ok:1");
  }

  /** Until the server takes no more writes; returns the last number that it has acknowledged. */
  private long countUp(String counter, CountDownLatch writing) {
    try (RawConnection client = all.connect(master)) {
      long last = 0;
      while (true) {
        String reply = client.ask("INCR", counter);
        if (reply.startsWith("-READONLY")) {
          return last;
        }
        last = Long.parseLong(reply.substring(1));
        writing.countDown();
      }
    }
  }

  @Test
  void takesNoWritesUntilTheReplicaHasAll() {
    replica.freeze();
    master.cli("SET", "key", "value");
    all.node(master).handOver(replica.ip(), RedisServers.PORT, LONG);

    assertThat(all.replication(master).failingOver()).isTrue();
    assertThat(all.replication(master).master()).isTrue();
    replica.thaw();
    eventually(this::haveSwapped);
    assertThat(replica.cli("GET", "key")).isEqualTo("value");
  }

  @Test
  void goesOnAsBeforeWhereTheReplicaDoesNotAnswer() {
    replica.freeze();
    master.cli("SET", "key", "value");
    Replication before = all.replication(master);
    all.node(master).handOver(replica.ip(), RedisServers.PORT, Duration.ofMillis(100));

    eventually(() -> !all.replication(master).failingOver());
    assertThat(all.replication(master).master()).isTrue();
    assertThat(all.replication(master).replicationId()).isEqualTo(before.replicationId());
    assertThat(master.cli("SET", "key", "other")).isEqualTo("OK");
  }

  /** The one state that does not end by itself: it is a replica of a server that is not there. */
  @Test
  void toOneThatIsGoneEndsWhenItIsAborted() {
    String gone = RedisServers.nextAddress();
    RedisServer misnamed = all.startReplica(master, "replica-announce-ip " + gone);
    Replication before = all.replication(master);
    all.node(master).handOver(gone, RedisServers.PORT, Duration.ofSeconds(2));
    eventually(() -> !all.replication(master).master());
    assertThat(all.replication(master).failingOver()).isTrue();
    assertThat(all.replication(master).masterHost()).isEqualTo(gone);
    assertThat(refusal(all.node(master)::lead)).contains("not allowed while failing over");

    all.node(master).abortHandOver();

    Replication after = all.replication(master);
    assertThat(after.master()).isTrue();
    assertThat(after.failingOver()).isFalse();
    assertThat(after.secondReplicationId()).isEqualTo(before.replicationId());
    assertThat(master.cli("SET", "key", "value")).isEqualTo("OK");
    eventually(() -> all.isInSync(misnamed, master) && all.isInSync(replica, master));
    assertThat(refusal(all.node(master)::abortHandOver)).contains("No failover in progress");
  }

  @Test
  void isRefusedWithTheServersReason() {
    RedisServer other = all.start();

    assertThat(refusal(() -> handOver(master, other))).contains("is not a replica");
    assertThat(refusal(() -> handOver(replica, master))).contains("when server is a replica");
    assertThat(refusal(() -> handOver(all.servers.start(), other))).contains("cluster mode");
  }

  private void handOver(RedisServer from, RedisServer to) {
    all.node(from).handOver(to.ip(), RedisServers.PORT, LONG);
  }

  private static String refusal(Runnable command) {
    return String.valueOf(
        catchThrowableOfType(RedisErrorException.class, command::run).getMessage());
  }

  @Test
  void closesTheConnectionsOfClientsAndNoOther() {
    try (RawConnection client = all.connect(master);
        RawConnection subscriber = all.connect(master);
        RawConnection elsewhere = all.connect(replica)) {
      client.ask("SET", "key", "value");
      subscriber.ask("SUBSCRIBE", "channel");
      all.look(master);
      long before = connections();
      assertThat(master.cli("CLIENT", "LIST", "TYPE", "pubsub")).isNotEmpty();

      all.node(master).closeClients();

      assertThatThrownBy(() -> client.ask("GET", "key")).isInstanceOf(UncheckedIOException.class);
      assertThat(elsewhere.ask("PING")).isEqualTo("+PONG");
      assertThat(master.cli("CLIENT", "LIST", "TYPE", "pubsub")).isEmpty();
      all.look(master);
      // Three for as many calls of the cli, none of ours.
      assertThat(connections() - before).isEqualTo(3);
      assertThat(all.replication(replica).linkUp()).isTrue();
      assertThat(master.cli("INFO", "stats")).contains("sync_full:1", "sync_partial_ok:0");
    }
  }

  private long connections() {
    return master
        .cli("INFO", "stats")
        .lines()
        .filter(line -> line.startsWith("total_connections_received:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
        .findFirst()
        .orElseThrow();
  }
}
