package io.slotkeeper.simulation.standalone;

import io.slotkeeper.model.SentinelPod;
import io.slotkeeper.plan.SentinelPolicy;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.reconcile.Goal;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.redis.sentinel.SentinelNode;
import io.slotkeeper.simulation.Chance;
import io.slotkeeper.simulation.OperatorProcess;
import io.slotkeeper.simulation.Trace;
import io.slotkeeper.simulation.sentinel.ModelSentinel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The same with Sentinels. */
final class SentinelWorld extends StandaloneWorld {
  private static final int LOOK = 1000;

  /** So long all must stay as it is in the end. */
  private static final int QUIET = 30_000;

  final Watch watch;

  /** Their own, so that what they do does not decide what else happens. */
  final Chance watching;

  final Watchers watchers;

  /** How many Sentinels the user wants. */
  int sentinels;

  private boolean news;
  private @Nullable String trouble = "not looked at yet";
  private @Nullable Server lastLeader;
  private long settledSince;

  SentinelWorld(Setting setting, Watch watch, Trace trace) {
    super(setting, trace);
    this.watch = watch;
    watching = new Chance(setting.scenario().seed() ^ 0x5E4714E1L);
    sentinels = watch.sentinels();
    watchers = new Watchers(this);
    trace.add(0, watch::toString);
    after(LOOK, this::look);
  }

  private void look() {
    String found = Agreement.trouble(this);
    Server leader = ledger.leader();
    if (found != null || leader != lastLeader) {
      settledSince = now;
    }
    lastLeader = leader;
    trouble = found;
    after(LOOK, this::look);
  }

  @Override
  @Nullable String unsettled() {
    return trouble != null
        ? trouble
        : now - settledSince < QUIET ? "it was settled %d ago".formatted(now - settledSince) : null;
  }

  @Override
  public Topology wanted() {
    return super.wanted().withSentinels(watch.policy(sentinels));
  }

  /** The user wants another number of Sentinels. */
  void watched(int number) {
    sentinels = number;
    trace.add(now, () -> "the user wants %d Sentinels".formatted(number));
    api.changed();
  }

  @Override
  protected void applyFiles(OperatorProcess operator, Goal goal, int most) {
    super.applyFiles(operator, goal, most);
    SentinelPolicy policy = goal.topology().sentinels();
    int wanted = policy == null || goal.halted() ? 0 : policy.sentinels();
    if (watchers.size() != wanted) {
      operator.spend("apply %d Sentinels".formatted(wanted));
      api.mayWrite();
      watchers.resize(wanted);
    }
  }

  @Override
  protected SentinelNode sentinel(OperatorProcess operator, Endpoint endpoint) {
    return new WatcherNode(operator, endpoint);
  }

  @Override
  protected List<SentinelPod> sentinelsAsOf(long time) {
    return watchers.asOf(time);
  }

  /** A Sentinel says +switch-master. */
  void heard(Watcher watcher) {
    news |= !nodes.isCut(watcher.pod) && linked(OperatorProcess.NAME, watcher.pod.name);
  }

  @Override
  protected boolean hasNews() {
    boolean had = news;
    news = false;
    return had;
  }

  @Override
  void handedOver(Server former) {
    String successor = former.replication.host;
    if (successor != null) {
      after(watching.between(20, 300), () -> watchers.announce(former, successor));
    }
  }

  @Override
  boolean isSuperseded(Server primary) {
    return watchers.haveElectedAnother(primary);
  }

  @Override
  protected void recorded(NodeId process) {
    ours().stream()
        .filter(server -> server.runId.equals(process.value()))
        .forEach(Ballots::recorded);
  }

  @Override
  protected void powerOff(String node) {
    watchers.powerOff(node);
  }

  @Override
  protected void powerOn(String node) {
    watchers.powerOn(node);
  }

  /** Some ask a Sentinel, and the server that it names whether it is a primary. */
  @Override
  @Nullable Server door(int client, @Nullable String node, Chance random) {
    if ((client / 2 + scenario.seed()) % 2 == 0) {
      return super.door(client, node, random);
    }
    List<ModelSentinel> found =
        watchers.running().stream()
            .filter(watcher -> reaches(node, watcher.pod))
            .map(Watcher::sentinel)
            .filter(sentinel -> sentinel != null && sentinel.address(Watch.MASTER) != null)
            .toList();
    if (found.isEmpty()) {
      return null;
    }
    String address = random.of(found).address(Watch.MASTER);
    Server server = address == null ? null : listening(address);
    return server != null && server.isMaster() ? server : null;
  }

  @Override
  String dump() {
    StringBuilder text = new StringBuilder(super.dump()).append('\n');
    for (Watcher watcher : watchers.running()) {
      ModelSentinel sentinel = watcher.sentinel();
      text.append(sentinel == null ? watcher : sentinel.dump()).append('\n');
    }
    return text.append(trouble).toString();
  }
}
