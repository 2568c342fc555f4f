package io.slotkeeper.reconcile;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.execute.Outcome;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.testing.Statuses;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What an operator serves that has met everything. */
public final class ServedMetrics {

  private ServedMetrics() {}

  /** Of a cluster {@code x} and a Redis {@code y} of mode Sentinel, in namespace {@code ns}. */
  public static PrometheusMeterRegistry everything() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Metrics metrics =
        new Metrics(registry, "test", Optional.of(new RedisMetrics(registry, () -> Instant.EPOCH)));
    metrics.leading(() -> true);
    new PassMetrics(registry);
    new StageLog(registry)
        .failed("uid", Stages.Stage.PLAN, "a defect", new IllegalStateException("a defect"));
    Action action =
        new Action.SetNodeTimeout(
            new ServerRef("x-shard0-0", "uid", "10.0.0.1", new NodeId("a".repeat(40))), 5000);
    RedisStatus cluster = Statuses.cluster("x-shard0-0", "x-shard1-0");
    RedisStatus without = Statuses.cluster("", "x-shard1-0");
    metrics.passed(
        Statuses.cluster(), cluster, without, List.of(new Outcome.Refused(action, "no")));
    metrics.passed(
        Statuses.cluster(), without, Statuses.cluster("x-shard0-1", "x-shard1-0"), List.of());
    metrics.passed(
        Statuses.redis("y", "mode: Sentinel, sentinel: {replicas: 1}"),
        null,
        Statuses.sentinel("y-shard0-0"),
        List.of());
    return registry;
  }
}
