package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.slotkeeper.api.Mode;
import io.slotkeeper.api.PodTemplate;
import io.slotkeeper.api.RedisSpec;
import io.slotkeeper.api.RedisVersion;
import io.slotkeeper.api.ReservedVariables;
import io.slotkeeper.api.StorageType;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.resources.ResolvedSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is accepted in a spec although a careful user would not want it. */
final class SpecWarnings {

  private SpecWarnings() {}

  static List<Problem> of(
      RedisSpec spec, Optional<RedisVersion> version, Optional<ResolvedSpec> blueprint) {
    List<Problem> warnings = new ArrayList<>();
    if (spec.mode() == Mode.Cluster && spec.shards() < 3) {
      warnings.add(
          new Problem(
              Reason.FewMasters,
              "With fewer than 3 masters the servers cannot vote: a failover needs the operator. Use 3 or more."));
    }
    if (spec.mode() == Mode.Sentinel && spec.requireSentinel().sentinels() % 2 == 0) {
      warnings.add(
          new Problem(
              Reason.EvenSentinels,
              "spec.sentinel.sentinels is even: %d Sentinels can lose no more of them than %d can. Use an odd number."
                  .formatted(
                      spec.requireSentinel().sentinels(), spec.requireSentinel().sentinels() - 1)));
    }
    if (spec.storageType() == StorageType.Ephemeral && spec.replicas() == 0) {
      warnings.add(
          new Problem(
              Reason.NoCopies,
              "With storageType Ephemeral and no replicas the loss of a pod is the loss of its data."));
    }
    if (spec.storageType() == StorageType.Durable
        && blueprint.filter(b -> !b.isPersistent()).isPresent()) {
      warnings.add(
          new Problem(
              Reason.NoPersistence,
              "appendonly is no and save is empty: servers write no data to their volumes. When all pods of a shard stop (spec.halted, no replicas, a new resource), its data is lost. Set one of the two."));
    }
    version
        .filter(v -> v.getSpec().deprecated())
        .ifPresent(v ->
            warnings.add(
                new Problem(
                    Reason.VersionDeprecated,
                    "RedisVersion %s is deprecated; choose a newer one."
                        .formatted(v.getMetadata().getName()))));
    reserved("spec.podTemplate", spec.podTemplate()).ifPresent(warnings::add);
    if (spec.mode() == Mode.Sentinel) {
      reserved("spec.sentinel.podTemplate", spec.requireSentinel().podTemplate())
          .ifPresent(warnings::add);
    }
    return warnings;
  }

  private static Optional<Problem> reserved(String field, PodTemplate template) {
    List<String> names =
        template.spec().env().stream()
            .map(EnvVar::getName)
            .filter(ReservedVariables::contains)
            .toList();
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Problem(
                Reason.VariableReserved,
                "%s.spec.env sets %s, which the scripts in the container use themselves: left out. Remove or rename it."
                    .formatted(field, String.join(", ", names))));
  }
}
