package io.slotkeeper.plan;

import io.slotkeeper.resources.Names;
import io.slotkeeper.resources.PodName;
import java.util.List;
import java.util.Optional;

/**
 * Volumes for which the wanted size has no pod: the Redis was made again, over claims that were
 * kept, with fewer masters or replicas than before.
 */
final class Size {

  private Size() {}

  /** Masters that own slots and are on such a volume. */
  static List<Finding> findings(Situation situation) {
    return Failovers.missing(situation).stream()
        .filter(lost -> lost.pod().isEmpty() && !Failovers.isGoneForGood(situation, lost))
        .flatMap(lost ->
            situation
                .podNameOf(lost.master())
                .filter(pod -> !situation.topology().pods().contains(pod))
                .filter(pod -> !isAwaited(situation, pod))
                .map(pod -> finding(situation, lost, pod))
                .stream())
        .toList();
  }

  /** Its StatefulSet asks for it, or was halted and is about to say how many pods it asks for. */
  private static boolean isAwaited(Situation situation, String pod) {
    return PodName.parse(pod)
        .flatMap(name ->
            Optional.ofNullable(situation.view().inventory().sets().get(name.shard()))
                .filter(set -> set.pods() == 0 || set.pods() > name.ordinal()))
        .isPresent();
  }

  private static Finding finding(Situation situation, Failovers.Missing lost, String pod) {
    return new Finding(
        Finding.Kind.CLAIM_WITHOUT_POD,
        "The master of slots %s is on a volume that no pod has. %s"
            .formatted(
                situation.ownership().of(lost.master()), wayBack(situation.topology(), pod)));
  }

  /** How the volume of a pod gets its pod. */
  static String wayBack(Topology topology, String pod) {
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
