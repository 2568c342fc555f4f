package io.slotkeeper.report;

import io.fabric8.kubernetes.api.model.Condition;
import io.slotkeeper.api.MigrationStatus;
import io.slotkeeper.api.Mode;
import io.slotkeeper.api.Phase;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.api.ShardStatus;
import io.slotkeeper.model.Finding;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.MemberStatuses;
import io.slotkeeper.observe.RememberedShard;
import io.slotkeeper.observe.ShardStatuses;
import io.slotkeeper.plan.Health;
import io.slotkeeper.plan.Resharding;
import io.slotkeeper.plan.SentinelHealth;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Conditions;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.reasons.Reasons;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From the findings of one pass to the status that reports them. */
public final class StatusBuilder {
  /** Found in any cluster that has just been formed. */
  private static final Set<Finding.Kind> BEGINNINGS =
      EnumSet.of(
          Finding.Kind.WAITING,
          Finding.Kind.REPLICA_DOWN,
          Finding.Kind.SENTINEL_DOWN,
          Finding.Kind.DISAGREEMENT);

  /** Problems that the operator is working on. */
  private static final Set<Reason> UPDATES =
      EnumSet.of(Reason.Updating, Reason.ChangingPersistence, Reason.PersistenceBlocked);

  private final @Nullable RedisStatus before;
  private final StatusInput report;
  private final Health health;
  private final Topology topology;
  private final Degradation troubles;
  private final ServingConditions serving;
  private final List<ShardStatus> shards;
  private final Optional<HaltProgress> halt;

  private final @Nullable MigrationStatus migration;

  /** It was never Ready yet: what is missing was never there. */
  private final boolean beginning;

  private StatusBuilder(@Nullable RedisStatus before, StatusInput report) {
    this.before = before;
    this.report = report;
    this.troubles = Degradation.of(report);
    this.halt = HaltProgress.of(report);
    this.beginning =
        before != null
            && before.phase() == Phase.Creating
            && !Conditions.isTrue(before.conditions(), ConditionType.Ready)
            && troubles.findings().stream().allMatch(f -> BEGINNINGS.contains(f.kind()));
    this.health = report.plan().health();
    this.migration =
        halt.isPresent() && before != null
            ? before.migration()
            : MigrationStatuses.status(
                before == null ? null : before.migration(),
                report.plan().resharding(),
                report.remembered().balancing().underWay(),
                report.now());
    this.topology = report.topology();
    this.serving = ServingConditions.of(topology);
    this.shards = health.shards().stream().map(this::shard).toList();
  }

  public static RedisStatus status(@Nullable RedisStatus before, StatusInput report) {
    return new StatusBuilder(before, report)
        .build(before == null ? List.of() : before.conditions());
  }

  private RedisStatus build(List<Condition> conditionsBefore) {
    List<Member> members = report.view().members();
    long ready = members.stream().filter(member -> member.pod().whole()).count();
    return new RedisStatus(
        phase(),
        report.generation(),
        conditions(conditionsBefore),
        ServerVersions.oldest(report.view()).orElse(before == null ? null : before.version()),
        shardCount(),
        ready + "/" + (halt.isPresent() ? 0 : pods()),
        report.selector(),
        shards,
        MemberStatuses.status(report.remembered().members(), report.remembered().locations()),
        migration,
        report.remembered().balancing().lastAsked().orElse(null));
  }

  /** Shards that serve something; before there are any, the wanted ones. */
  private int shardCount() {
    int serving = (int) health.shards().stream().filter(shard -> !shard.slots().isEmpty()).count();
    return formed() && serving > 0 ? serving : topology.shards();
  }

  /** The wanted pods, and those still to go. */
  private long pods() {
    return Stream.concat(
            topology.pods().stream(),
            report.view().members().stream().map(member -> member.pod().name()))
        .distinct()
        .count();
  }

  private ShardStatus shard(Health.Shard shard) {
    String name = topology.name() + "-shard" + shard.index();
    RememberedShard remembered = report.remembered().shard(shard.index());
    List<String> replicas =
        Stream.concat(shard.inSync().stream(), shard.behind().stream()).sorted().toList();
    return new ShardStatus(
        name,
        topology.mode() == Mode.Cluster ? shard.slots().toString() : null,
        topology.mode() == Mode.Cluster ? shard.slots().size() : 0,
        shard.master(),
        replicas,
        remembered.replicationIds(),
        remembered.heldKeys(),
        ShardStatuses.owner(remembered.owner()),
        remembered.copies().stream().sorted().toList());
  }

  private boolean formed() {
    return report.remembered().formed();
  }

  private Optional<SentinelHealth> sentinels() {
    return Optional.ofNullable(report.plan().sentinels());
  }

  private boolean complete() {
    return sentinels().map(SentinelHealth::complete).orElse(true)
        && health.covered()
        && health.complete(topology.replicas())
        && resharding().isEmpty();
  }

  private Optional<Resharding> resharding() {
    return report.plan().resharding();
  }

  /** All that serves is as it should be; what is missing is on its way, in or out. */
  private boolean isScaling() {
    return isReady()
        && resharding().isPresent()
        && health.shards().stream()
            .filter(shard -> !shard.slots().isEmpty() && shard.index() < topology.shards())
            .allMatch(shard -> shard.inSync().size() >= topology.replicas());
  }

  /** The Service has an endpoint: any server of a cluster, but only the primary of other modes. */
  private boolean reachable() {
    return report.view().members().stream()
        .filter(member -> member.pod().whole() && !member.pod().terminating())
        .anyMatch(member ->
            !topology.mode().hasOnePrimary()
                || health.shards().stream()
                    .anyMatch(shard -> member.pod().name().equals(shard.master())));
  }

  private boolean isReady() {
    return halt.isEmpty()
        && report.nameTaken().isEmpty()
        && formed()
        && health.covered()
        && health.settled()
        && health.redundant(topology.replicas())
        && sentinels().map(SentinelHealth::watched).orElse(true)
        && reachable();
  }

  private boolean isStopped() {
    return halt.filter(HaltProgress::stopped).isPresent();
  }

  /** What the spec asks for and is not in place yet; empty before there is anything to change. */
  private Optional<String> update() {
    Optional<String> updating =
        report.problem().filter(p -> UPDATES.contains(p.reason())).map(Problem::message);
    String text =
        Stream.concat(updating.stream(), report.pending().stream())
            .collect(Collectors.joining(" "));
    return text.isEmpty() || !formed() ? updating : Optional.of(text);
  }

  private Phase phase() {
    if (halt.isPresent()) {
      return halt.get().stopped() ? Phase.Halted : Phase.Halting;
    }
    boolean updating = update().isPresent();
    if (isReady() && complete()) {
      return updating ? Phase.Updating : Phase.Running;
    }
    if (isScaling()) {
      return updating ? Phase.Updating : Phase.Scaling;
    }
    boolean blocked = report.nameTaken().isPresent() || (!formed() && report.isBlocked(UPDATES));
    if (troubles.needingUser().isPresent() || blocked) {
      return Phase.Failed;
    }
    if (updating) {
      return Phase.Updating;
    }
    return formed() && !beginning ? Phase.Healing : Phase.Creating;
  }

  private List<Condition> conditions(List<Condition> before) {
    Conditions conditions = new Conditions(before, report.generation(), report.now());
    ready(conditions);
    progressing(conditions);
    degraded(conditions);
    serving.formed(conditions, formed());
    serving.serving(conditions, health, isStopped());
    replicas(conditions);
    sentinels().ifPresent(found -> SentinelConditions.set(conditions, found, isStopped()));
    report
        .problem()
        .ifPresentOrElse(
            p -> conditions.set(ConditionType.ConfigurationApplied, false, p.reason(), p.message()),
            () ->
                conditions.set(
                    ConditionType.ConfigurationApplied,
                    true,
                    Reason.Applied,
                    "All objects are as the spec asks."));
    warnings(conditions);
    DataLosses.tell(
        conditions,
        before,
        DataLosses.found(this.before, shards, topology.mode(), report.now()),
        report.now());
    return conditions.list();
  }

  private void ready(Conditions conditions) {
    if (isReady()) {
      Problem why = serving.serves(health, shardCount());
      conditions.set(ConditionType.Ready, true, why.reason(), why.message());
      return;
    }
    Problem cause = cause();
    conditions.set(ConditionType.Ready, false, cause.reason(), cause.message());
  }

  /** Why it is not ready: what the user can change first, then what is wrong. */
  private Problem cause() {
    if (halt.isPresent()) {
      return new Problem(halt.get().reason(), halt.get().message());
    }
    Optional<Finding> trouble = troubles.needingUser();
    if (trouble.isPresent()) {
      return new Problem(Reasons.of(trouble.get().kind()), troubles.text());
    }
    if (report.nameTaken().isPresent()) {
      return new Problem(Reason.NameTaken, report.nameTaken().get().message());
    }
    if (!formed()) {
      return report.problem().orElseGet(serving::forming);
    }
    if (!health.served().equals(SlotSet.ALL)) {
      return serving.notServing(health, troubles.text());
    }
    if (!health.agreed()) {
      return serving.disagreeing(troubles.text());
    }
    if (!health.redundant(topology.replicas())) {
      return serving.withoutReplica(troubles.text());
    }
    Optional<SentinelHealth> unwatched = sentinels().filter(found -> !found.watched());
    if (unwatched.isPresent()) {
      return SentinelConditions.unwatched(unwatched.get());
    }
    if (!health.settled()) {
      return new Problem(
          Reason.Forming, "The servers still have the short node timeout of their formation.");
    }
    return new Problem(Reason.NoReadyPod, "No pod is Ready yet, so the Service has no endpoints.");
  }

  private void progressing(Conditions conditions) {
    ConditionType type = ConditionType.Progressing;
    if (halt.isPresent()) {
      conditions.set(type, !isStopped(), halt.get().reason(), halt.get().message());
      return;
    }
    ProgressingCondition progress =
        ProgressingCondition.of(
            update(),
            resharding().filter(_ -> isScaling()),
            troubles.needingUser(),
            report.problem(),
            complete() && formed(),
            !formed() || beginning,
            isScaling() ? scaling() : "");
    conditions.set(type, progress.working(), progress.reason(), progress.message());
  }

  private String scaling() {
    if (migration != null) {
      return MigrationStatuses.text(migration) + ".";
    }
    int leaving = resharding().orElseThrow().leavingPods();
    return leaving > 0
        ? "%d pods are to be removed.".formatted(leaving)
        : "New pods are starting. " + troubles.text();
  }

  private void degraded(Conditions conditions) {
    ConditionType type = ConditionType.Degraded;
    if (halt.isPresent()
        || (troubles.needingUser().isEmpty()
            && (!formed() || beginning || complete() || isScaling()))) {
      conditions.set(type, false, Reason.AsExpected, "Nothing is missing that was there.");
      return;
    }
    Reason reason =
        troubles.reason().orElse(health.covered() ? Reason.ReplicaMissing : Reason.NodesDisagree);
    String message = troubles.text();
    conditions.set(
        type, true, reason, message.isEmpty() ? "The servers are being reconciled." : message);
  }

  private void replicas(Conditions conditions) {
    int wanted = topology.replicas() * health.shards().size();
    if (wanted == 0) {
      conditions.set(
          ConditionType.ReplicasAttached,
          true,
          Reason.NoReplicasWanted,
          topology.replicasField() + " is 0.");
      return;
    }
    int inSync = health.shards().stream().mapToInt(shard -> shard.inSync().size()).sum();
    boolean all = health.complete(topology.replicas());
    conditions.set(
        ConditionType.ReplicasAttached,
        all,
        isStopped() ? Reason.Halted : all ? Reason.InSync : Reason.ReplicaMissing,
        new ReplicaCount(all ? wanted : inSync, wanted).sentence());
  }

  private void warnings(Conditions conditions) {
    ConditionType type = ConditionType.ConfigurationWarning;
    List<Problem> warnings = new ArrayList<>(report.warnings());
    ConfigurationWarnings.ofAcceptedLosses(report.view()).ifPresent(warnings::add);
    ConfigurationWarnings.ofMemory(report.view()).ifPresent(warnings::add);
    ConfigurationWarnings.ofPlacement(health, report.view()).ifPresent(warnings::add);
    if (warnings.isEmpty()) {
      conditions.set(type, false, Reason.NoWarning, "No warnings.");
    } else {
      conditions.set(
          type,
          true,
          warnings.getFirst().reason(),
          String.join(" ", warnings.stream().map(Problem::message).toList()));
    }
  }
}
