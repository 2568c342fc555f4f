package io.slotkeeper.redis.lettuce;

import static io.slotkeeper.redis.lettuce.Standalones.PASSIVE;
import static io.slotkeeper.redis.lettuce.Standalones.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.NodeSnapshot.Engine;
import io.slotkeeper.redis.cluster.NodeSnapshot.Replication;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.testing.EachServerVersion;
import io.slotkeeper.testing.RedisServer;
import io.slotkeeper.testing.RedisServers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers without cluster support: what they answer, and how they get a role. */
@Timeout(60)
@EachServerVersion
class StandaloneNodeTest {
  private final String name;
  private final Standalones all;

  StandaloneNodeTest(String name) {
    this.name = name;
    all = new Standalones(name);
  }

  @AfterEach
  void close() {
    all.close();
  }

  @Test
  void aNewServerIsAMasterWithoutAPast() {
    RedisServer server = all.start();
    NodeSnapshot seen = all.look(server);

    assertThat(seen.isCluster()).isFalse();
    assertThat(seen.keys()).isZero();
    assertThat(seen.engine()).isEqualTo(name.startsWith("valkey") ? Engine.VALKEY : Engine.REDIS);
    assertThat(seen.version()).startsWith(name.substring(name.indexOf('-') + 1) + ".");
    assertThat(seen.databases()).isEqualTo(16);
    assertThat(seen.usedMemory()).isPositive();
    assertThat(seen.maxMemory()).isZero();
    assertThat(seen.diskError()).isNull();
    Replication replication = seen.replication();
    assertThat(replication)
        .isEqualTo(
            new Replication(
                true, null, 0, true, false, -1, 0, replication.replicationId(), null, -1, false));
    assertThat(NodeId.isValid(replication.replicationId())).isTrue();
    assertThatThrownBy(seen::table).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(seen::isBlank).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void countsTheKeysOfAllDatabases() {
    RedisServer server = all.start("databases 5", "maxmemory 100mb");
    server.cli("-n", "0", "SET", "key", "value");
    server.cli("-n", "4", "SET", "key", "value");

    assertThat(all.look(server).keys()).isEqualTo(2);
    assertThat(all.look(server).databases()).isEqualTo(5);
    assertThat(all.look(server).maxMemory()).isEqualTo(104857600);
  }

  @Test
  void goesByTheIdOfItsRun() {
    RedisServer server = all.start();
    NodeSnapshot seen = all.look(server);
    assertThat(server.cli("INFO", "server")).contains("run_id:" + seen.runId());
    assertThat(seen.id()).isEqualTo(new NodeId(seen.runId()));
    assertThat(all.node(server).myId()).isEqualTo(seen.id());

    server.restart();

    assertThat(all.look(server).id()).isNotEqualTo(seen.id());
    assertThat(all.node(server).myId()).isEqualTo(all.look(server).id());
  }

  @Test
  void inAClusterTheIdOfTheRunIsAnother() {
    RedisServer server = all.servers.start();
    NodeSnapshot seen = all.look(server);

    assertThat(seen.isCluster()).isTrue();
    assertThat(server.cli("INFO", "server")).contains("run_id:" + seen.runId());
    assertThat(server.cli("CLUSTER", "MYID")).isEqualTo(seen.id().value());
    assertThat(all.node(server).myId()).isEqualTo(seen.id());
    assertThat(seen.runId()).isNotEqualTo(seen.id().value());
  }

  @Test
  void inAClusterItRefusesARole() {
    RedisNode node = all.node(all.servers.start());

    for (Runnable command : List.<Runnable>of(() -> node.follow("127.0.0.1", 1), node::lead)) {
      assertThat(catchThrowableOfType(RedisErrorException.class, command::run))
          .hasMessageContaining("not allowed in cluster mode");
    }
  }

  @Test
  void followsAndTakesWhatTheMasterHas() {
    RedisServer master = all.start();
    master.cli("SET", "key", "value");
    RedisServer replica = all.start();
    replica.cli("SET", "own", "value");

    all.node(replica).follow(master.ip(), RedisServers.PORT);

    eventually(() -> all.isInSync(replica, master));
    Replication seen = all.replication(replica);
    assertThat(seen.master()).isFalse();
    assertThat(seen.masterHost()).isEqualTo(master.ip());
    assertThat(seen.masterPort()).isEqualTo(RedisServers.PORT);
    assertThat(seen.linkDownSeconds()).isEqualTo(-1);
    assertThat(replica.cli("KEYS", "*")).isEqualTo("key");
    assertThat(all.replication(master).master()).isTrue();

    all.node(replica).follow(master.ip(), RedisServers.PORT); // again: nothing happens
    assertThat(all.replication(replica).linkUp()).isTrue();
  }

  @Test
  void aReplicaThatLeadsRemembersTheMastersHistory() {
    RedisServer master = all.start();
    RedisServer heir = all.startReplica(master);
    RedisServer other = all.startReplica(master);
    master.cli("SET", "key", "value");
    eventually(() -> all.isInSync(heir, master) && all.isInSync(other, master));
    Replication before = all.replication(master);
    master.kill();

    all.node(heir).lead();

    Replication after = all.replication(heir);
    assertThat(after.master()).isTrue();
    assertThat(after.masterHost()).isNull();
    assertThat(after.masterPort()).isZero();
    assertThat(after.linkUp()).isTrue();
    assertThat(after.replicationId()).isNotEqualTo(before.replicationId());
    assertThat(after.secondReplicationId()).isEqualTo(before.replicationId());
    assertThat(after.secondOffset()).isEqualTo(all.replication(other).offset() + 1);
    all.node(other).follow(heir.ip(), RedisServers.PORT);
    eventually(() -> all.isInSync(other, heir));
    assertThat(heir.cli("INFO", "stats")).contains("sync_full:0", "sync_partial_ok:1");
    assertThat(all.replication(other).secondReplicationId()).isEqualTo(before.replicationId());
  }

  @Test
  void aPassiveServerHasItsDataAndTakesNoWrites() {
    RedisServer server = all.start();
    server.cli("SET", "key", "value");
    server.restart(PASSIVE);
    eventually(() -> all.look(server).keys() == 1);

    Replication seen = all.replication(server);
    assertThat(seen.master()).isFalse();
    assertThat(seen.masterHost()).isEqualTo("127.0.0.1");
    assertThat(seen.masterPort()).isEqualTo(1);
    assertThat(seen.linkUp()).isFalse();
    assertThat(seen.wasLinked()).isFalse();
    assertThat(seen.syncing()).isTrue();
    assertThat(server.cli("GET", "key")).isEqualTo("value");
    assertThatThrownBy(() -> server.cli("SET", "key", "other")).hasMessageContaining("READONLY");

    all.node(server).lead();

    assertThat(all.replication(server).master()).isTrue();
    assertThat(server.cli("GET", "key")).isEqualTo("value");
    server.cli("SET", "key", "other");
  }

  @Test
  void aPassiveServerThatShowsNoStaleDataCanStillBeSeen() {
    RedisServer server = all.start("replica-serve-stale-data no", PASSIVE);

    assertThat(all.replication(server).masterPort()).isEqualTo(1);
    all.node(server).lead();
    assertThat(all.replication(server).master()).isTrue();
  }

  /** For a replica its link is up until it times out, a minute after it was cut silently. */
  @Test
  void hearsOfAReplicaAsLongAsThatAnswers() {
    RedisServer master = all.start("appendonly no");
    RedisServer replica = all.startReplica(master, "appendonly yes");
    assertThat(all.replication(master).hears(replica.ip(), port -> port == RedisServers.PORT))
        .isTrue();
    assertThat(all.replication(master).hears(master.ip(), port -> port == RedisServers.PORT))
        .isFalse();
    assertThat(all.look(master).appendOnly()).isFalse();
    assertThat(all.look(replica).appendOnly()).isTrue();

    replica.freeze();
    eventually(
        () -> !all.replication(master).hears(replica.ip(), port -> port == RedisServers.PORT));
    assertThat(all.replication(master).replicas())
        .singleElement()
        .satisfies(copy -> assertThat(copy.online()).isTrue());
    replica.thaw();
    eventually(
        () -> all.replication(master).hears(replica.ip(), port -> port == RedisServers.PORT));
  }

  /** A snapshot names the history that it is a part of. */
  @Test
  void aPassiveServerKnowsItsHistoryFromASnapshot() {
    RedisServer master = all.start("appendonly no");
    RedisServer replica = all.startReplica(master);
    master.cli("SET", "key", "value");
    eventually(() -> all.isInSync(replica, master));
    eventually(() -> master.cli("INFO", "persistence").contains("rdb_bgsave_in_progress:0"));
    master.cli("SAVE");
    Replication before = all.replication(master);
    master.cli("SET", "late", "value");
    master.restart(PASSIVE);
    eventually(() -> all.look(master).keys() == 1);

    Replication passive = all.replication(master);
    assertThat(passive.replicationId()).isEqualTo(before.replicationId());
    assertThat(passive.offset()).isPositive().isLessThanOrEqualTo(before.offset());
    assertThat(all.replication(replica).replicationId()).isEqualTo(before.replicationId());
    assertThat(all.replication(replica).offset()).isGreaterThan(passive.offset());

    all.node(replica).lead();
    all.node(master).follow(replica.ip(), RedisServers.PORT);
    eventually(() -> all.isInSync(master, replica));
    assertThat(replica.cli("INFO", "stats")).contains("sync_full:0", "sync_partial_ok:1");
    assertThat(all.look(master).keys()).isEqualTo(2);
  }

  /** An append-only file does not: neither id nor offset says how old its data is. */
  @Test
  void aPassiveServerHasNoHistoryFromAnAppendOnlyFile() {
    RedisServer master = all.start();
    RedisServer replica = all.startReplica(master);
    master.cli("SET", "key", "value");
    eventually(() -> all.isInSync(replica, master));
    Replication before = all.replication(master);
    master.restart(PASSIVE);
    eventually(() -> all.look(master).keys() == 1);

    Replication passive = all.replication(master);
    assertThat(passive.replicationId()).isNotEqualTo(before.replicationId());
    assertThat(passive.secondReplicationId()).isNull();
    assertThat(passive.offset()).isEqualTo(1);
  }

  @Test
  void whileItReadsItsDataItTakesNoRole() {
    RedisServer server = all.start("appendonly no");
    server.cli("DEBUG", "POPULATE", "2000");
    server.cli("SAVE");
    server.restart("key-load-delay 20000", "loading-process-events-interval-bytes 1024");
    RedisNode node = all.node(server);

    for (Runnable command :
        List.<Runnable>of(() -> node.follow("127.0.0.1", 1), node::lead, node::look)) {
      assertThat(catchThrowableOfType(RedisUnavailableException.class, command::run).kind())
          .isEqualTo(Kind.LOADING);
    }
  }
}
