package io.slotkeeper.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.Memory;
import io.slotkeeper.observe.PodView;
import io.slotkeeper.observe.Sight;
import io.slotkeeper.redis.ClusterNode;
import io.slotkeeper.redis.ClusterNode.Flag;
import io.slotkeeper.redis.ClusterTable;
import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.NodeId;
import io.slotkeeper.redis.NodeSnapshot;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisNode;
import io.slotkeeper.redis.SlotSet;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class LiveSettingsTest {
  private static final Cluster CLUSTER = new Cluster("ns", "x", "uid", null);

  private final Map<String, String> server =
      new HashMap<>(Map.of("maxmemory", "1048576", "io-threads", "1", "databases", "16"));
  private final List<String> sets = new ArrayList<>();
  private final LiveSettings settings = new LiveSettings(_ -> node(), new InOrder());

  private static final class InOrder implements Fanout {
    @Override
    public <T, R> List<R> map(Collection<T> items, Function<? super T, ? extends R> function) {
      return items.stream().<R>map(function).toList();
    }
  }

  /** A server whose io-threads and databases cannot be set while it runs. */
  private RedisNode node() {
    return (RedisNode)
        Proxy.newProxyInstance(
            RedisNode.class.getClassLoader(),
            new Class<?>[] {RedisNode.class},
            (_, method, arguments) ->
                switch (method.getName()) {
                  case "getConfig" -> Map.copyOf(server);
                  case "setConfig" -> set((Map<?, ?>) arguments[0]);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private Object set(Map<?, ?> values) {
    values.forEach((name, value) -> {
      if (name.equals("io-threads") || name.equals("databases")) {
        throw new RedisErrorException("ERR can't set immutable config");
      }
      sets.add(name + "=" + value);
      server.put(name.toString(), value.toString());
    });
    return Map.of();
  }

  private static ClusterView view() {
    NodeId id = new NodeId("a".repeat(40));
    ClusterNode self =
        new ClusterNode(
            id,
            null,
            Set.of(Flag.MYSELF, Flag.MASTER),
            null,
            1,
            true,
            SlotSet.ALL,
            Map.of(),
            Map.of());
    PodView pod =
        new PodView(
            "x-shard0-0",
            "pod",
            0,
            0,
            "10.0.0.1",
            "n",
            Instant.EPOCH,
            false,
            true,
            PodView.Container.RUNNING,
            null);
    NodeSnapshot snapshot =
        new NodeSnapshot(
            new ClusterTable(List.of(self)),
            true,
            1,
            0,
            NodeSnapshot.Engine.REDIS,
            "7.0.15",
            1,
            0,
            1,
            5000,
            new NodeSnapshot.Replication(true, null, true, false, -1, 0, "r"));
    return new ClusterView(
        Instant.EPOCH, List.of(new Member(pod, new Sight.Seen(snapshot))), Memory.NONE, Set.of());
  }

  @Test
  void givesAServerWhatItDoesNotHave() {
    assertThat(settings.keep(CLUSTER, view(), Map.of("maxmemory", "2mb", "loadmodule", "x")))
        .isEmpty();
    assertThat(sets).containsExactly("maxmemory=2mb");
  }

  @Test
  void asksEachServerOnceForEachChange() {
    settings.keep(CLUSTER, view(), Map.of("maxmemory", "2mb"));
    server.put("maxmemory", "7");
    settings.keep(CLUSTER, view(), Map.of("maxmemory", "2mb"));
    assertThat(sets).hasSize(1);
    settings.keep(CLUSTER, view(), Map.of("maxmemory", "3mb"));
    assertThat(sets).hasSize(2);
  }

  @Test
  void tellsWhatAServerDoesNotTakeWhileItRuns() {
    Map<String, String> wanted = Map.of("io-threads", "4", "databases", "16");
    for (int look = 0; look < 2; look++) {
      assertThat(settings.keep(CLUSTER, view(), wanted))
          .containsExactly(new LiveSettings.Refusal("x-shard0-0", "io-threads"));
    }
  }

  @Test
  void leavesAloneWhereDataIsKept() {
    server.put("appendonly", "yes");
    server.put("save", "");
    assertThat(settings.keep(CLUSTER, view(), Map.of("appendonly", "no", "save", "60 1")))
        .isEmpty();
    assertThat(sets).isEmpty();
  }
}
