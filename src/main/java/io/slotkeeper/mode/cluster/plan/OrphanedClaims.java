package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.model.Finding;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.resources.Names;
import io.slotkeeper.resources.PodName;
import java.util.List;
import java.util.Optional;

/**
 * Volumes for which the wanted size has no pod: the Redis was recreated over claims that were kept,
 * with fewer masters or replicas than before.
 */
final class OrphanedClaims {

  private OrphanedClaims() {}

  /** Masters that own slots and are on such a volume. */
  static List<Finding> findings(ClusterModel cluster) {
    return Failovers.missing(cluster).stream()
        .filter(lost -> lost.pod().isEmpty() && !Failovers.isGoneForGood(cluster, lost))
        .flatMap(lost ->
            cluster
                .podNameOf(lost.master())
                .filter(pod -> !cluster.topology().pods().contains(pod))
                .filter(pod -> !isAwaited(cluster, pod))
                .map(pod -> finding(cluster, lost, pod))
                .stream())
        .toList();
  }

  private static boolean isAwaited(ClusterModel cluster, String pod) {
    return PodName.parse(pod).filter(cluster.view().inventory()::awaits).isPresent();
  }

  private static Finding finding(ClusterModel cluster, Failovers.Missing lost, String pod) {
    return new Finding(
        Finding.Kind.CLAIM_WITHOUT_POD,
        "The master of slots %s is on a volume that no pod has. %s"
            .formatted(
                cluster.ownership().of(lost.master()), recoveryAdvice(cluster.topology(), pod)));
  }

  /** How to get a pod for the volume. */
  static String recoveryAdvice(Topology topology, String pod) {
    String claim = Names.claimOfPod(pod);
    Optional<PodName> name = PodName.parse(pod);
    if (name.isEmpty() || topology.pods().contains(pod)) {
      return "Claim %s has it: it is back when pod %s is.".formatted(claim, pod);
    }
    String size =
        name.get().shard() >= topology.shards()
            ? "spec.cluster.master to at least " + (name.get().shard() + 1)
            : "spec.cluster.replicas to at least " + name.get().ordinal();
    return "Claim %s may have it, or older data: set %s.".formatted(claim, size);
  }
}
