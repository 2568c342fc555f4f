package io.slotkeeper.redis.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slotkeeper.redis.cluster.NodeSnapshot.Copy;
import io.slotkeeper.redis.cluster.NodeSnapshot.Engine;
import io.slotkeeper.redis.cluster.NodeSnapshot.Replication;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InfoParserTest {
  private static final String NONE = "0".repeat(40);

  @Test
  void readsFields() {
    Map<String, String> info =
        InfoParser.parse(
            """
            # Server
            redis_version:7.0.15
            executable:/a:b
            empty:

            # Memory
            used_memory:1024
            """
                .replace("\n", "\r\n"));

    assertThat(info)
        .isEqualTo(
            Map.of(
                "redis_version", "7.0.15",
                "executable", "/a:b",
                "empty", "",
                "used_memory", "1024"));
    assertThat(InfoParser.number(info, "used_memory")).isEqualTo(1024);
    assertThatThrownBy(() -> InfoParser.number(info, "redis_version"))
        .hasMessage("INFO has redis_version:7.0.15");
    assertThatThrownBy(() -> InfoParser.text(info, "absent")).hasMessageContaining("'absent'");
  }

  @Test
  void tellsTheEngines() {
    Map<String, String> redis = Map.of("redis_version", "8.6.3");
    assertThat(InfoParser.engine(redis)).isEqualTo(Engine.REDIS);
    assertThat(InfoParser.version(redis)).isEqualTo("8.6.3");
    Map<String, String> valkey =
        Map.of("redis_version", "7.2.4", "server_name", "valkey", "valkey_version", "9.1.2");
    assertThat(InfoParser.engine(valkey)).isEqualTo(Engine.VALKEY);
    assertThat(InfoParser.version(valkey)).isEqualTo("9.1.2");
  }

  @Test
  void countsTheKeysOfAllDatabases() {
    assertThat(InfoParser.keys(InfoParser.parse("# Keyspace\r\n"))).isZero();
    assertThat(
            InfoParser.keys(
                InfoParser.parse(
                    """
                    db0:keys=5,expires=1,avg_ttl=0,subexpiry=0
                    db7:keys=2,expires=0,avg_ttl=0
                    db0_distrib_strings_sizes:1=2
                    """)))
        .isEqualTo(7);
    assertThatThrownBy(() -> InfoParser.keys(Map.of("db0", "many")))
        .hasMessage("INFO has db0:many");
  }

  @Test
  void readsAMaster() {
    assertThat(replication(master("no-failover", NONE, -1))).isEqualTo(master(null, -1, false));
  }

  @Test
  void readsWhatAMasterWasBefore() {
    assertThat(replication(master("no-failover", "89ab", 12))).isEqualTo(master("89ab", 12, false));
  }

  @Test
  void aMasterThatHandsOverSaysSo() {
    for (String state : List.of("waiting-for-sync", "failover-in-progress")) {
      assertThat(replication(master(state, NONE, -1))).isEqualTo(master(null, -1, true));
    }
  }

  private static String master(String failover, String second, int secondOffset) {
    return """
    role:master
    connected_slaves:1
    slave0:ip=10.0.0.2,port=6379,state=online,offset=14,lag=1
    master_failover_state:%s
    master_replid:0123
    master_replid2:%s
    master_repl_offset:14
    second_repl_offset:%d
    """
        .formatted(failover, second, secondOffset);
  }

  private static Replication master(@Nullable String second, long secondOffset, boolean failing) {
    return new Replication(
            true, null, 0, true, false, -1, 14, "0123", second, secondOffset, failing)
        .withReplicas(List.of(new Copy("10.0.0.2", 6379, true, 14, 1)));
  }

  /** As Redis 7.0, Redis 8, and Valkey 8 write them. */
  @Test
  void readsReplicas() {
    Map<String, String> info =
        InfoParser.parse(
            """
            slave0:ip=10.0.0.2,port=6379,state=online,offset=14,lag=1
            slave1:ip=fd00::3,port=6380,state=online,offset=15,lag=0,io-thread=2
            slave2:ip=10.0.0.4,port=6379,state=wait_bgsave,offset=0,lag=0,type=rdb-channel
            slave3:ip=10.0.0.5,port=6379,state=online,offset=16,lag=3,type=replica
            slave_repl_offset:7
            """);
    assertThat(ReplicaLines.of(info))
        .containsExactly(
            new Copy("10.0.0.2", 6379, true, 14, 1),
            new Copy("fd00::3", 6380, true, 15, 0),
            new Copy("10.0.0.4", 6379, false, 0, 0),
            new Copy("10.0.0.5", 6379, true, 16, 3));
  }

  /** It counts as no copy, which is safe; an operator without any answer could do nothing. */
  @Test
  void leavesOutReplicasThatItCannotRead() {
    assertThat(
            ReplicaLines.of(
                Map.of("slave0", "ip=10.0.0.2,port=?", "slave1", "port=1,lag=1,offset=1")))
        .isEmpty();
  }

  @Test
  void ofSeveralReplicasAtAnAddressTheOneThatWasHeardLastCounts() {
    Copy ended = new Copy("10.0.0.2", 6379, true, 14, 40);
    Copy lives = new Copy("10.0.0.2", 6379, true, 20, 1);
    Copy comes = new Copy("10.0.0.2", 6379, false, 0, 0);
    Replication master = master(null, -1, false).withReplicas(List.of(ended, lives, comes));
    assertThat(master.replicaAt("10.0.0.2", port -> port == 6379)).isEqualTo(lives);
    assertThat(master.replicaAt("10.0.0.2", port -> port == 6380)).isNull();
    assertThat(master.withReplicas(List.of(comes)).replicaAt("10.0.0.2", port -> port == 6379))
        .isNull();
  }

  @Test
  void readsAReplicaInSync() {
    assertThat(replication(replica("up", 0, ""))).isEqualTo(follower(true, false, -1));
  }

  @Test
  void aReplicaThatNeverHadALinkIsSyncing() {
    assertThat(replication(replica("down", 0, "master_link_down_since_seconds:-1")))
        .isEqualTo(follower(false, true, -1));
  }

  @Test
  void aReplicaThatIsTransferringIsSyncing() {
    assertThat(replication(replica("down", 1, "master_link_down_since_seconds:3")))
        .isEqualTo(follower(false, true, 3));
  }

  @Test
  void aReplicaThatLostItsMasterIsNotSyncing() {
    assertThat(replication(replica("down", 0, "master_link_down_since_seconds:7")))
        .isEqualTo(follower(false, false, 7));
  }

  private static Replication follower(boolean up, boolean syncing, long down) {
    return new Replication(false, "10.0.0.1", 6380, up, syncing, down, 28, "4567", null, -1, false);
  }

  private static String replica(String link, int transferring, String more) {
    return """
    role:slave
    master_host:10.0.0.1
    master_port:6380
    master_link_status:%s
    master_sync_in_progress:%d
    slave_read_repl_offset:30
    slave_repl_offset:28
    %s
    master_failover_state:no-failover
    master_replid:4567
    master_replid2:%s
    master_repl_offset:28
    second_repl_offset:-1
    """
        .formatted(link, transferring, more, NONE);
  }

  private static Replication replication(String reply) {
    return InfoParser.replication(InfoParser.parse(reply));
  }

  @Test
  void tellsWhatCouldNotBeWritten() {
    assertThat(InfoParser.diskError(Map.of("aof_last_write_status", "ok"))).isNull();
    assertThat(InfoParser.diskError(Map.of("rdb_last_bgsave_status", "err")))
        .isEqualTo("rdb_last_bgsave_status:err");
    assertThat(InfoParser.diskError(Map.of("aof_last_write_status", "err")))
        .isEqualTo("aof_last_write_status:err");
  }

  @Test
  void tellsHowFarLoadingIsInCoarseSteps() {
    assertThat(InfoParser.loaded(Map.of())).isEmpty();
    assertThat(
            InfoParser.loaded(Map.of("loading_loaded_perc", "47.35", "loading_eta_seconds", "12")))
        .isEqualTo(", 40 %");
    assertThat(
            InfoParser.loaded(Map.of("loading_loaded_perc", "9.99", "loading_eta_seconds", "121")))
        .isEqualTo(", 0 %, about 3 min left");
  }
}
