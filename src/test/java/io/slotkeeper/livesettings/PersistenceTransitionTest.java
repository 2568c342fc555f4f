package io.slotkeeper.livesettings;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.livesettings.PersistenceTransition.Pending;
import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.Remembered;
import io.slotkeeper.observe.ServerAnswer;
import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.Persistence;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.ClusterTable;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.testing.NodeSnapshots;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PersistenceTransitionTest {
  private static final RedisRef CLUSTER = new RedisRef("ns", "x", "uid", null);
  private static final String SAVE = "3600 1";
  private static final Map<String, String> AOF = Map.of("appendonly", "yes", "save", SAVE);
  private static final Map<String, String> DUMP = Map.of("appendonly", "no", "save", SAVE);

  private Instant now = Instant.EPOCH;
  private final List<String> calls = new ArrayList<>();
  private final Model master = new Model("x-shard0-0", 0, true);
  private final Model replica = new Model("x-shard0-1", 0, false);
  private final Model other = new Model("x-shard1-0", 1, true);
  private PersistenceTransition transition = transition();

  private PersistenceTransition transition() {
    return new PersistenceTransition(
        endpoint ->
            List.of(master, replica, other).stream()
                .filter(model -> model.pod.equals(endpoint.owner()))
                .findFirst()
                .orElseThrow()
                .node(),
        new InOrder(),
        () -> now);
  }

  private static final class InOrder implements Fanout {
    @Override
    public <T, R> List<R> map(Collection<T> items, Function<? super T, ? extends R> function) {
      return items.stream().<R>map(function).toList();
    }
  }

  /** A server whose snapshots and rewrites end when a test says so. */
  private final class Model {
    final String pod;
    final int shard;
    final boolean isMaster;
    final NodeId id;
    NodeId answering;
    String run = "first";
    boolean aof = true;
    boolean rewriting;
    boolean saving;
    boolean saveFailed;
    long lastSave = 100;
    String save = SAVE;
    @Nullable String refusal;

    Model(String pod, int shard, boolean isMaster) {
      this.pod = pod;
      this.shard = shard;
      this.isMaster = isMaster;
      id = new NodeId("%040x".formatted(pod.hashCode() & 0xffff));
      answering = id;
    }

    RedisNode node() {
      return (RedisNode)
          Proxy.newProxyInstance(
              RedisNode.class.getClassLoader(),
              new Class<?>[] {RedisNode.class},
              (_, method, arguments) ->
                  switch (method.getName()) {
                    case "persistence" ->
                        new Persistence(
                            run, aof, rewriting, false, saving, saveFailed, lastSave, save);
                    case "myId" -> answering;
                    case "snapshot" -> snapshot();
                    case "setConfig" -> set((Map<?, ?>) arguments[0]);
                    default -> throw new UnsupportedOperationException(method.getName());
                  });
    }

    private @Nullable Object snapshot() {
      calls.add(pod + " snapshot");
      saving = true;
      return null;
    }

    private @Nullable Object set(Map<?, ?> values) {
      calls.add(pod + " " + values);
      if (refusal != null) {
        throw new RedisErrorException(refusal);
      }
      if (values.containsKey("save")) {
        save = values.get("save").toString();
      } else {
        aof = "yes".equals(values.get("appendonly"));
        rewriting = aof;
      }
      return null;
    }

    void saved() {
      saving = false;
      saveFailed = false;
      lastSave++;
    }

    Member member() {
      ClusterNode self =
          new ClusterNode(
              id,
              null,
              Set.of(Flag.MYSELF, isMaster ? Flag.MASTER : Flag.REPLICA),
              null,
              1,
              true,
              SlotSet.NONE,
              Map.of(),
              Map.of());
      NodeSnapshot snapshot = NodeSnapshots.of(new ClusterTable(List.of(self)));
      return new Member(
          new PodState(
              pod,
              pod,
              shard,
              0,
              "10.0.0.1",
              "n",
              Instant.EPOCH,
              false,
              true,
              PodState.Container.RUNNING,
              null),
          new ServerAnswer.Answered(snapshot));
    }
  }

  private List<Pending> advance(Map<String, String> wanted, Model... models) {
    calls.clear();
    return transition.advance(
        CLUSTER,
        new ClusterView(
            Instant.EPOCH,
            List.of(models).stream().map(Model::member).toList(),
            Remembered.NONE,
            Set.of()),
        wanted);
  }

  @Test
  void whatIsAsWantedIsLeftAlone() {
    assertThat(advance(AOF, master, replica, other)).isEmpty();
    assertThat(calls).isEmpty();
  }

  @Test
  void aofGoesOffOnlyAfterASnapshotThatSucceeded() {
    advance(DUMP, master);
    assertThat(calls).containsExactly("x-shard0-0 snapshot");
    assertThat(advance(DUMP, master)).hasSize(1);
    assertThat(calls).isEmpty();
    master.saved();

    advance(DUMP, master);
    assertThat(calls).containsExactly("x-shard0-0 {appendonly=no}");
    assertThat(advance(DUMP, master)).isEmpty();
  }

  /** Cancelled by the server, as for a full synchronisation. */
  @Test
  void aSnapshotThatWasCancelledIsTakenAgain() {
    advance(DUMP, master);
    master.saving = false;

    advance(DUMP, master);
    assertThat(calls).containsExactly("x-shard0-0 snapshot");
  }

  @Test
  void aSnapshotOfAnEarlierRunIsNone() {
    advance(DUMP, master);
    master.saved();
    master.run = "second";

    advance(DUMP, master);
    assertThat(calls).containsExactly("x-shard0-0 snapshot");
  }

  @Test
  void anOperatorThatStartsAgainBeginsWithASnapshot() {
    advance(DUMP, master);
    master.saved();
    transition = transition();

    advance(DUMP, master);
    assertThat(calls).containsExactly("x-shard0-0 snapshot");
  }

  @Test
  void aofStaysOnWhereNoSnapshotCanBeWritten() {
    advance(DUMP, master);
    master.saving = false;
    master.saveFailed = true;

    assertThat(advance(DUMP, master))
        .singleElement()
        .matches(Pending::blocked)
        .extracting(Pending::what)
        .asString()
        .contains("AOF stays on", "rdb_last_bgsave_status:err");
    assertThat(calls).isEmpty();
    now = now.plusSeconds(10);
    advance(DUMP, master);
    assertThat(calls).containsExactly("x-shard0-0 snapshot");
    assertThat(master.aof).isTrue();
  }

  @Test
  void snapshotsAreTurnedOnBeforeAofGoesOff() {
    master.save = "";
    advance(DUMP, master);
    assertThat(calls).containsExactly("x-shard0-0 {save=" + SAVE + "}");
    advance(DUMP, master);
    assertThat(calls).containsExactly("x-shard0-0 snapshot");
  }

  @Test
  void snapshotsAreTurnedOffAfterAofIsWritten() {
    master.aof = false;
    Map<String, String> wanted = Map.of("appendonly", "YES", "save", "");

    advance(wanted, master);
    assertThat(calls).containsExactly("x-shard0-0 {appendonly=yes}");
    assertThat(advance(wanted, master)).hasSize(1);
    assertThat(calls).isEmpty();
    master.rewriting = false;
    advance(wanted, master);
    assertThat(calls).containsExactly("x-shard0-0 {save=}");
    assertThat(advance(wanted, master)).isEmpty();
  }

  @Test
  void snapshotsAreTurnedOffAfterAof() {
    Map<String, String> wanted = Map.of("appendonly", "no", "save", "");
    advance(wanted, master);
    assertThat(calls).containsExactly("x-shard0-0 snapshot");
    master.saved();
    advance(wanted, master);
    assertThat(calls).containsExactly("x-shard0-0 {appendonly=no}");
    advance(wanted, master);
    assertThat(calls).containsExactly("x-shard0-0 {save=}");
  }

  @Test
  void anOrdinaryRewriteIsNoChange() {
    master.rewriting = true;
    assertThat(advance(AOF, master)).isEmpty();
  }

  @Test
  void oneServerOfEachShardAtATimeReplicasFirst() {
    assertThat(advance(DUMP, master, replica, other)).hasSize(3);
    assertThat(calls).containsExactly("x-shard0-1 snapshot", "x-shard1-0 snapshot");
  }

  @Test
  void whatTheServerRefusesIsReportedInItsWords() {
    master.aof = false;
    master.refusal = "ERR Unable to turn on AOF. Check server logs.";

    assertThat(advance(AOF, master))
        .containsExactly(new Pending("x-shard0-0", "the server says: " + master.refusal, true));
  }

  @Test
  void anotherServerAtTheAddressIsLeftAlone() {
    master.answering = other.id;

    assertThat(advance(DUMP, master)).singleElement().matches(Pending::blocked);
    assertThat(calls).isEmpty();
  }

  @Test
  void aValueThatIsNoneChangesNothing() {
    assertThat(advance(Map.of("appendonly", "maybe", "save", ""), master))
        .containsExactly(new Pending("all pods", "appendonly must be yes or no", true));
    assertThat(calls).isEmpty();
  }
}
