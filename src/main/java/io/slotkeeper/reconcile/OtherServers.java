package io.slotkeeper.reconcile;

import io.slotkeeper.model.PodState;
import io.slotkeeper.model.StatefulSetState;
import io.slotkeeper.observe.Inventory;
import io.slotkeeper.resources.PodName;
import java.util.Collection;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How many other servers of a shard there may be, as the files say from which each starts. As long
 * as a pod or a volume of another one is left, a server that is to be alone is not: the last
 * primary may have been there.
 */
public final class OtherServers {

  private OtherServers() {}

  /**
   * The greatest ordinal of a pod that is wanted, that a StatefulSet asks for, that there is, or
   * that has a volume.
   *
   * @param wanted replicas of each primary, as the spec has them
   */
  public static int most(int wanted, Inventory inventory, Collection<PodState> pods) {
    return Stream.of(
            IntStream.of(wanted),
            inventory.sets().values().stream().mapToInt(StatefulSetState::pods).map(n -> n - 1),
            pods.stream().mapToInt(PodState::ordinal),
            inventory.claims().keySet().stream()
                .flatMap(pod -> PodName.parse(pod).stream())
                .mapToInt(PodName::ordinal))
        .flatMapToInt(ordinals -> ordinals)
        .max()
        .orElse(wanted);
  }
}
