package io.slotkeeper.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.slotkeeper.api.MemberStatus;
import io.slotkeeper.api.MigrationStatus;
import io.slotkeeper.api.Phase;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.api.ShardStatus;
import io.slotkeeper.observe.Member;
import io.slotkeeper.plan.Finding;
import io.slotkeeper.plan.Health;
import io.slotkeeper.plan.Hold;
import io.slotkeeper.plan.Resharding;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.redis.SlotSet;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From what one pass found out to the status that says so. */
public final class StatusBuilder {
  /** What is found at any cluster that has just been formed. */
  private static final Set<Finding.Kind> BEGINNINGS =
      EnumSet.of(Finding.Kind.WAITING, Finding.Kind.REPLICA_DOWN, Finding.Kind.DISAGREEMENT);

  private final Report report;
  private final Health health;
  private final Topology topology;

  private final @Nullable MigrationStatus migration;

  /** It was never Ready yet: what is missing was never there. */
  private final boolean beginning;

  private StatusBuilder(@Nullable RedisStatus before, Report report) {
    this.report = report;
    this.beginning =
        before != null
            && before.phase() == Phase.Creating
            && !Conditions.isTrue(before.conditions(), ConditionType.Ready)
            && report.plan().findings().stream().allMatch(f -> BEGINNINGS.contains(f.kind()));
    this.health = report.plan().health();
    this.migration =
        report.halted() && before != null
            ? before.migration()
            : Migrations.status(
                before == null ? null : before.migration(),
                report.plan().resharding(),
                report.memory().balancing().underWay(),
                report.now());
    this.topology = report.topology();
  }

  public static RedisStatus status(@Nullable RedisStatus before, Report report) {
    return new StatusBuilder(before, report)
        .build(before == null ? List.of() : before.conditions());
  }

  private RedisStatus build(List<Condition> before) {
    List<Member> members = report.view().members();
    long ready = members.stream().filter(member -> member.pod().ready()).count();
    return new RedisStatus(
        phase(),
        report.generation(),
        conditions(before),
        report.version().orElse(null),
        shardCount(),
        ready + "/" + (report.halted() ? 0 : pods()),
        report.selector(),
        health.shards().stream().map(this::shard).toList(),
        report.memory().members().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(entry -> new MemberStatus(entry.getKey(), entry.getValue().value()))
            .toList(),
        migration,
        report.memory().balancing().lastAsked().orElse(null));
  }

  /** Those that serve something; before there are any, those that are wanted. */
  private int shardCount() {
    int serving = (int) health.shards().stream().filter(shard -> !shard.slots().isEmpty()).count();
    return formed() && serving > 0 ? serving : topology.shards();
  }

  /** Those that are wanted, and those that are still to go. */
  private long pods() {
    return Stream.concat(
            topology.pods().stream(),
            report.view().members().stream().map(member -> member.pod().name()))
        .distinct()
        .count();
  }

  private ShardStatus shard(Health.Shard shard) {
    List<String> replicas =
        Stream.concat(shard.inSync().stream(), shard.behind().stream()).sorted().toList();
    return new ShardStatus(
        topology.name() + "-shard" + shard.index(),
        shard.slots().toString(),
        shard.slots().size(),
        shard.master(),
        replicas,
        shard.replicationIds());
  }

  private boolean formed() {
    return report.memory().formed();
  }

  private boolean complete() {
    return health.covered() && health.complete(topology.replicas()) && resharding().isEmpty();
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

  /** Somebody is there for the Service to send clients to. */
  private boolean reachable() {
    return report.view().members().stream()
        .anyMatch(member -> member.pod().ready() && !member.pod().terminating());
  }

  private boolean isReady() {
    return !report.halted()
        && formed()
        && health.covered()
        && health.settled()
        && health.redundant(topology.replicas())
        && reachable();
  }

  private Optional<Finding> trouble() {
    return report.plan().findings().stream().filter(f -> f.kind().needsUser()).findFirst();
  }

  private boolean isUpdating() {
    return report.problem().filter(p -> p.reason() == Reason.Updating).isPresent();
  }

  private Phase phase() {
    if (report.halted()) {
      return Phase.Halted;
    }
    if (isReady() && complete()) {
      return isUpdating() ? Phase.Updating : Phase.Running;
    }
    if (isScaling()) {
      return isUpdating() ? Phase.Updating : Phase.Scaling;
    }
    boolean blocked = !formed() && report.problem().isPresent() && !isUpdating();
    if (trouble().isPresent() || blocked) {
      return Phase.Failed;
    }
    if (isUpdating()) {
      return Phase.Updating;
    }
    return formed() && !beginning ? Phase.Healing : Phase.Creating;
  }

  private List<Condition> conditions(List<Condition> before) {
    Conditions conditions = new Conditions(before, report.generation(), report.now());
    ready(conditions);
    progressing(conditions);
    degraded(conditions);
    formed(conditions);
    slots(conditions);
    replicas(conditions);
    report
        .problem()
        .ifPresentOrElse(
            p -> conditions.set(ConditionType.ConfigurationApplied, false, p.reason(), p.message()),
            () ->
                conditions.set(
                    ConditionType.ConfigurationApplied,
                    true,
                    Reason.Applied,
                    "The objects in the cluster are as this resource asks."));
    warnings(conditions);
    return conditions.list();
  }

  private void ready(Conditions conditions) {
    if (isReady()) {
      conditions.set(
          ConditionType.Ready,
          true,
          Reason.AllSlotsServed,
          "All %d slots are served by %d masters, and the servers agree."
              .formatted(SlotSet.COUNT, shardCount()));
      return;
    }
    Cause cause = cause();
    conditions.set(ConditionType.Ready, false, cause.reason(), cause.message());
  }

  private record Cause(Reason reason, String message) {}

  /** Why it is not ready: what the user can change first, then what is wrong. */
  private Cause cause() {
    if (report.halted()) {
      return new Cause(
          Reason.Halted, "Stopped by spec.halted; the data is kept. Set it to false to resume.");
    }
    Optional<Finding> trouble = trouble();
    if (trouble.isPresent()) {
      return new Cause(Reasons.of(trouble.get().kind()), text());
    }
    if (!formed()) {
      return report
          .problem()
          .map(p -> new Cause(p.reason(), p.message()))
          .orElseGet(() -> new Cause(Reason.Forming, "The cluster is being formed."));
    }
    if (!health.served().equals(SlotSet.ALL)) {
      return new Cause(
          Reason.SlotsNotServed,
          "%d of %d slots are served. %s"
              .formatted(health.served().size(), SlotSet.COUNT, text())
              .strip());
    }
    if (!health.agreed()) {
      String text = text();
      return new Cause(
          Reason.NodesDisagree,
          text.isEmpty() ? "The servers do not see the cluster alike yet." : text);
    }
    if (!health.redundant(topology.replicas())) {
      return new Cause(Reason.ReplicaMissing, "A master has no replica in sync. " + text());
    }
    if (!health.settled()) {
      return new Cause(Reason.Forming, "The servers are about to get their normal node timeout.");
    }
    return new Cause(Reason.NoReadyPod, "No pod is ready yet, so the Service leads nowhere.");
  }

  private String text() {
    // One of each kind: six pods that cannot have one image are one thing to know.
    Map<Finding.Kind, String> shown = new LinkedHashMap<>();
    List<Finding> findings = report.plan().findings();
    findings.forEach(finding -> shown.putIfAbsent(finding.kind(), finding.message()));
    String text = String.join(" ", shown.values());
    int more = findings.size() - shown.size();
    return more == 0 ? text : text + " (and " + more + " more)";
  }

  private void progressing(Conditions conditions) {
    ConditionType type = ConditionType.Progressing;
    if (report.halted()) {
      conditions.set(type, false, Reason.Halted, "Stopped by spec.halted.");
    } else if (isScaling() && resharding().orElseThrow().hold().isPresent() && !isUpdating()) {
      Hold hold = resharding().orElseThrow().hold().orElseThrow();
      conditions.set(type, false, Reasons.of(hold.kind()), hold.message());
    } else if (isUpdating() && trouble().isEmpty()) {
      conditions.set(type, true, Reason.Updating, report.problem().orElseThrow().message());
    } else if (formed() && !report.plan().update().unseen().isEmpty()) {
      conditions.set(
          type,
          true,
          Reason.Updating,
          "Kubernetes has not seen the newest StatefulSet yet: "
              + String.join(", ", report.plan().update().unseen())
              + ".");
    } else if (complete() && formed()) {
      conditions.set(type, false, Reason.Complete, "Everything is as wanted.");
    } else if (isScaling() && trouble().isEmpty()) {
      conditions.set(type, true, Reason.Scaling, scaling());
    } else if (trouble().isPresent()) {
      conditions.set(
          type, false, Reasons.of(trouble().get().kind()), "Waiting for the cause to be mended.");
    } else if (!formed() || beginning) {
      conditions.set(type, true, Reason.Creating, "The cluster is being formed.");
    } else {
      conditions.set(type, true, Reason.Healing, "The cluster is being made whole again.");
    }
  }

  private String scaling() {
    if (migration != null) {
      return Migrations.text(migration) + ".";
    }
    int leaving = resharding().orElseThrow().leavingPods();
    return leaving > 0
        ? "%d pods are to go.".formatted(leaving)
        : "New pods are on their way. " + text();
  }

  private void degraded(Conditions conditions) {
    ConditionType type = ConditionType.Degraded;
    Optional<Finding> trouble = trouble();
    if (report.halted()
        || (trouble.isEmpty() && (!formed() || beginning || complete() || isScaling()))) {
      conditions.set(type, false, Reason.AsExpected, "Nothing is missing that was there.");
      return;
    }
    Reason reason =
        report.plan().findings().stream()
            .map(finding -> Reasons.of(finding.kind()))
            .findFirst()
            .orElse(health.covered() ? Reason.ReplicaMissing : Reason.NodesDisagree);
    String message = text();
    conditions.set(
        type, true, reason, message.isEmpty() ? "The servers are being reconciled." : message);
  }

  private void formed(Conditions conditions) {
    if (formed()) {
      conditions.set(
          ConditionType.ClusterFormed, true, Reason.Formed, "All slots have been assigned.");
    } else {
      conditions.set(
          ConditionType.ClusterFormed, false, Reason.Forming, "Not all slots are assigned yet.");
    }
  }

  private void slots(Conditions conditions) {
    if (health.covered()) {
      conditions.set(
          ConditionType.SlotsCovered,
          true,
          Reason.AllSlotsServed,
          "All %d slots are served.".formatted(SlotSet.COUNT));
    } else {
      boolean all = health.served().equals(SlotSet.ALL);
      conditions.set(
          ConditionType.SlotsCovered,
          false,
          report.halted() ? Reason.Halted : all ? Reason.NodesDisagree : Reason.SlotsNotServed,
          all
              ? "All slots have an owner, but the servers do not agree yet."
              : "%d slots are not served.".formatted(SlotSet.COUNT - health.served().size()));
    }
  }

  private void replicas(Conditions conditions) {
    int wanted = topology.replicas() * health.shards().size();
    if (wanted == 0) {
      conditions.set(
          ConditionType.ReplicasAttached, true, Reason.NoReplicasWanted, "None are wanted.");
      return;
    }
    int inSync = health.shards().stream().mapToInt(shard -> shard.inSync().size()).sum();
    boolean all = health.complete(topology.replicas());
    conditions.set(
        ConditionType.ReplicasAttached,
        all,
        report.halted() ? Reason.Halted : all ? Reason.InSync : Reason.ReplicaMissing,
        all
            ? "All %d replicas are in sync.".formatted(wanted)
            : "%d of %d replicas are in sync.".formatted(inSync, wanted));
  }

  private void warnings(Conditions conditions) {
    ConditionType type = ConditionType.ConfigurationWarning;
    List<Problem> warnings = new ArrayList<>(report.warnings());
    Warnings.ofAcceptedLosses(report.view()).ifPresent(warnings::add);
    Warnings.ofMemory(report.view()).ifPresent(warnings::add);
    Warnings.ofPlacement(health, report.view()).ifPresent(warnings::add);
    if (warnings.isEmpty()) {
      conditions.set(type, false, Reason.NoWarning, "Nothing to warn of.");
    } else {
      conditions.set(
          type,
          true,
          warnings.getFirst().reason(),
          String.join(" ", warnings.stream().map(Problem::message).toList()));
    }
  }
}
