package io.slotkeeper.mode.standalone.plan;

import io.slotkeeper.api.Mode;
import io.slotkeeper.model.AttemptHistory;
import io.slotkeeper.model.PodRole;
import io.slotkeeper.model.PodState;
import io.slotkeeper.model.PodState.Container;
import io.slotkeeper.model.SchedulingConstraints;
import io.slotkeeper.model.StatefulSetState;
import io.slotkeeper.observe.AcceptedLosses;
import io.slotkeeper.observe.ClaimState;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Inventory;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.RebalanceState;
import io.slotkeeper.observe.Remembered;
import io.slotkeeper.observe.RememberedShard;
import io.slotkeeper.observe.ServerAnswer;
import io.slotkeeper.observe.ServerLocations;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.SlotMovePolicy;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.plan.UpdatePolicy;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.NodeSnapshot.Copy;
import io.slotkeeper.redis.cluster.NodeSnapshot.Engine;
import io.slotkeeper.redis.cluster.NodeSnapshot.Replication;
import io.slotkeeper.redis.cluster.SlotSet;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Builds what is seen of a Standalone; pod {@code j} has the address 10.0.0.j. */
public final class StandaloneViews {
  public static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  public static final Instant CREATED = NOW.minusSeconds(1000);
  public static final String LINE = "line";

  private final int replicas;
  private final Map<Integer, Member> members = new TreeMap<>();
  private final Map<String, ClaimState> claims = new HashMap<>();
  private final Map<String, NodeId> ids = new HashMap<>();
  private final Map<Integer, Copy> lists = new TreeMap<>();
  private final Map<Integer, Integer> listing = new TreeMap<>();
  private boolean persistent = true;
  private RememberedShard data = RememberedShard.NONE;
  private Set<NodeId> accepted = Set.of();
  private boolean formed;
  private Instant createdAt = NOW.minusSeconds(600);
  private boolean terminating;

  public StandaloneViews(int replicas) {
    this.replicas = replicas;
  }

  public static String pod(int ordinal) {
    return "x-shard0-" + ordinal;
  }

  public static String ip(int ordinal) {
    return "10.0.0." + ordinal;
  }

  /** The run id of a process. */
  public static NodeId run(String letter) {
    return new NodeId(letter.repeat(40));
  }

  /** On an emptyDir. */
  public StandaloneViews ephemeral() {
    persistent = false;
    return this;
  }

  public StandaloneViews accepts(String process) {
    accepted = Set.of(run(process));
    return this;
  }

  /** The primary was in this pod, and these pods were in sync. */
  public StandaloneViews remembers(int ordinal, String process, long term, Integer... inSync) {
    formed = true;
    ids.put(pod(ordinal), run(process));
    data =
        new RememberedShard(
            new RememberedShard.Owner(run(process), term, SlotSet.ALL),
            List.of(LINE),
            List.of(inSync).stream()
                .map(StandaloneViews::pod)
                .collect(java.util.stream.Collectors.toSet()),
            true);
    return this;
  }

  /** The data was last seen under these ids. */
  public StandaloneViews remembersIds(String... replicationIds) {
    data =
        new RememberedShard(data.owner(), List.of(replicationIds), data.copies(), data.heldKeys());
    return this;
  }

  /** The server of another pod is recorded, too. */
  public StandaloneViews knows(int ordinal, String process) {
    ids.put(pod(ordinal), run(process));
    return this;
  }

  public StandaloneViews claim(int ordinal, long term) {
    claims.put(pod(ordinal), new ClaimState("data-" + pod(ordinal), true, false, null, term));
    return this;
  }

  public StandaloneViews master(int ordinal, String process, long keys, String line) {
    return master(ordinal, process, keys, line, null);
  }

  public StandaloneViews master(
      int ordinal, String process, long keys, String line, @Nullable String second) {
    return answer(
        ordinal,
        process,
        keys,
        new Replication(true, null, 0, true, false, -1, 100, line, second, -1, false));
  }

  /** A replica in sync. */
  public StandaloneViews replica(int ordinal, String process, int master) {
    return listed(master, ordinal, 1).follower(ordinal, process, master);
  }

  /** The primary in a pod lists this one, of which it last heard so long ago. */
  public StandaloneViews listed(int master, int replica, long lag) {
    lists.put(replica, new Copy(ip(replica), 6379, true, 100, lag));
    listing.put(replica, master);
    return this;
  }

  /** A replica whose link is up as it sees it. */
  public StandaloneViews follower(int ordinal, String process, int master) {
    return follower(ordinal, process, master, 5);
  }

  public StandaloneViews follower(int ordinal, String process, int master, long keys) {
    return answer(
        ordinal,
        process,
        keys,
        new Replication(false, ip(master), 6379, true, false, -1, 100, LINE, null, -1, false));
  }

  /** A replica that has lost its link. */
  public StandaloneViews cutOff(
      int ordinal, String process, int master, long seconds, long offset) {
    return cutOff(ordinal, process, master, seconds, offset, LINE);
  }

  /** The same, with this history. */
  public StandaloneViews cutOff(
      int ordinal, String process, int master, long seconds, long offset, String line) {
    return answer(
        ordinal,
        process,
        5,
        new Replication(
            false, ip(master), 6379, false, false, seconds, offset, line, null, -1, false));
  }

  /** A replica in sync that was primary before. */
  public StandaloneViews former(int ordinal, String process, int master) {
    return listed(master, ordinal, 1)
        .answer(
            ordinal,
            process,
            5,
            new Replication(
                false, ip(master), 6379, true, false, -1, 100, "next", LINE, 90, false));
  }

  /** A replica that has lost its link, after another server had gone on with this history. */
  public StandaloneViews continued(int ordinal, String process, String line, String second) {
    return answer(
        ordinal,
        process,
        5,
        new Replication(false, ip(9), 6379, false, false, 3, 100, line, second, 90, false));
  }

  /** A replica in sync with something. */
  public StandaloneViews linked(int ordinal, String process, String line) {
    return answer(
        ordinal,
        process,
        5,
        new Replication(false, ip(9), 6379, true, false, -1, 100, line, null, -1, false));
  }

  /** As the start script leaves it, with an AOF: a replica of nothing. */
  public StandaloneViews passive(int ordinal, String process, long keys) {
    return answer(
        ordinal,
        process,
        keys,
        true,
        new Replication(
            false, "127.0.0.1", 1, false, true, -1, 0, "fresh" + ordinal, null, -1, false));
  }

  /** The same, with a dump: it has the id and offset of when it was written. */
  public StandaloneViews dumped(int ordinal, String process, long offset) {
    return dumped(ordinal, process, 5, offset, LINE);
  }

  public StandaloneViews dumped(int ordinal, String process, long keys, long offset, String line) {
    return answer(
        ordinal,
        process,
        keys,
        new Replication(false, "127.0.0.1", 1, false, true, -1, offset, line, null, -1, false));
  }

  /** A primary that hands over: it calls itself a replica of the other already. */
  public StandaloneViews handingOver(int ordinal, String process, int target) {
    return answer(
        ordinal,
        process,
        5,
        new Replication(false, ip(target), 6379, false, true, -1, 100, LINE, null, -1, true));
  }

  private StandaloneViews answer(int ordinal, String process, long keys, Replication replication) {
    return answer(ordinal, process, keys, false, replication);
  }

  private StandaloneViews answer(
      int ordinal, String process, long keys, boolean appendOnly, Replication replication) {
    NodeSnapshot.Server server =
        new NodeSnapshot.Server(
            run(process).value(),
            keys,
            Engine.VALKEY,
            "9.1.0",
            1,
            0,
            16,
            replication,
            null,
            appendOnly);
    return member(
        ordinal, Container.RUNNING, new ServerAnswer.Answered(new NodeSnapshot(server, null)));
  }

  /** No process listens at its address; it may be starting. */
  public StandaloneViews refusing(int ordinal) {
    return member(
        ordinal, Container.RUNNING, new ServerAnswer.Failed(Kind.REFUSED, "refused", false));
  }

  public StandaloneViews silent(int ordinal) {
    return member(
        ordinal, Container.RUNNING, new ServerAnswer.Failed(Kind.TIMEOUT, "timeout", false));
  }

  /** The connection broke, and a new one is refused. */
  public StandaloneViews dead(int ordinal) {
    return member(ordinal, Container.RUNNING, new ServerAnswer.Failed(Kind.REFUSED, "gone", true));
  }

  private StandaloneViews member(int ordinal, Container container, ServerAnswer answer) {
    members.put(
        ordinal,
        new Member(
            new PodState(
                pod(ordinal),
                "uid-" + ordinal,
                0,
                ordinal,
                ip(ordinal),
                "node-" + ordinal,
                createdAt,
                terminating,
                true,
                container,
                null,
                "7",
                "r1",
                true,
                NOW.minusSeconds(600),
                true,
                SchedulingConstraints.ANYWHERE,
                PodRole.NONE,
                false,
                AttemptHistory.NONE),
            answer));
    return this;
  }

  /** Pods that are added from here on were created then, and are on their way out. */
  public StandaloneViews stopping(Instant since) {
    createdAt = since;
    terminating = true;
    return this;
  }

  public StandaloneViews label(int ordinal, PodRole role, boolean reads) {
    members.computeIfPresent(
        ordinal,
        (_, member) -> new Member(member.pod().withRole(role).withReads(reads), member.answer()));
    return this;
  }

  public Topology topology() {
    return new Topology(
        "x",
        Mode.Standalone,
        1,
        replicas,
        5000,
        SlotMovePolicy.DEFAULT,
        new UpdatePolicy(true, persistent, CREATED));
  }

  public ClusterView view() {
    return new ClusterView(
            NOW,
            members.entrySet().stream()
                .map(entry -> listing(entry.getKey(), entry.getValue()))
                .toList(),
            new Remembered(
                ids, locations(), Map.of(), Map.of(0, data), formed, RebalanceState.NONE),
            Set.copyOf(claims.keySet()))
        .withAcceptedLosses(new AcceptedLosses(accepted, Set.of(), List.of()))
        .withInventory(new Inventory(Map.<Integer, StatefulSetState>of(), claims));
  }

  /** With what it lists. */
  private Member listing(int ordinal, Member member) {
    if (!(member.answer() instanceof ServerAnswer.Answered(NodeSnapshot seen))) {
      return member;
    }
    List<Copy> copies =
        lists.entrySet().stream()
            .filter(entry -> Objects.equals(ordinal, listing.get(entry.getKey())))
            .map(Map.Entry::getValue)
            .toList();
    NodeSnapshot.Server server = seen.server();
    return new Member(
        member.pod(),
        new ServerAnswer.Answered(
            new NodeSnapshot(
                new NodeSnapshot.Server(
                    server.runId(),
                    server.keys(),
                    server.engine(),
                    server.version(),
                    server.usedMemory(),
                    server.maxMemory(),
                    server.databases(),
                    server.replication().withReplicas(copies),
                    server.diskError(),
                    server.appendOnly()),
                null)));
  }

  private Map<String, ServerLocations> locations() {
    Map<String, ServerLocations> locations = new HashMap<>();
    ids.keySet()
        .forEach(pod ->
            locations.put(
                pod,
                new ServerLocations(Set.of("node-" + pod.substring(pod.length() - 1)), Map.of())));
    return locations;
  }

  Lead lead() {
    return Election.of(StandaloneModel.of(topology(), view(), new Electorate.None(false)));
  }

  Plan plan() {
    return StandalonePlanner.plan(topology(), view());
  }

  <T extends Action> List<T> actions(Class<T> kind) {
    return plan().actions().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  <T extends Action> Optional<T> action(Class<T> kind) {
    return actions(kind).stream().findFirst();
  }
}
