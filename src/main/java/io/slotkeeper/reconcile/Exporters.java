package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.slotkeeper.api.RedisSpec;
import io.slotkeeper.kubernetes.OwnedObjects;
import io.slotkeeper.model.PodState;
import io.slotkeeper.operatorsettings.OperatorSettings;
import io.slotkeeper.resources.Exporter;
import io.slotkeeper.resources.ExporterDeployment;
import io.slotkeeper.resources.ExporterSecret;
import io.slotkeeper.resources.ResolvedSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The exporter of a Redis. No server needs it, and it needs none to come and go. */
final class Exporters {

  private Exporters() {}

  /** Empty where none is wanted. */
  static Optional<Exporter> of(RedisSpec spec, ResolvedSpec blueprint, OperatorSettings operator) {
    return spec.monitor()
        .exported()
        .map(wanted ->
            new Exporter(
                blueprint,
                wanted,
                operator.exporterImage(),
                operator.scrapeNamespaces().stream().sorted().toList()));
  }

  /**
   * Its objects. The Deployment names the version of the Secret that its pod reads, so it comes in
   * the pass after the Secret.
   *
   * @param password that servers accept; empty where that is not known yet: then the Secret stays
   *     as it is
   */
  static List<HasMetadata> objects(
      Exporter exporter, Optional<String> password, OwnedObjects owned) {
    List<HasMetadata> objects = new ArrayList<>(exporter.surroundings());
    Optional<String> accepted = exporter.redis().authSecret() == null ? Optional.of("") : password;
    accepted
        .map(text -> ExporterSecret.of(exporter, pods(exporter.redis(), owned), text))
        .ifPresent(objects::add);
    owned
        .exporterSecret()
        .map(secret -> ExporterDeployment.of(exporter, secret))
        .ifPresent(objects::add);
    return objects;
  }

  /** Those that are wanted, and those that still run. */
  private static SortedSet<String> pods(ResolvedSpec redis, OwnedObjects owned) {
    SortedSet<String> pods = new TreeSet<>();
    for (int shard = 0; shard < redis.shards(); shard++) {
      for (int ordinal = 0; ordinal < redis.podsPerShard(); ordinal++) {
        pods.add(redis.names().pod(shard, ordinal));
      }
    }
    owned.pods().stream().map(PodState::name).forEach(name -> pods.add(name.toString()));
    return pods;
  }
}
