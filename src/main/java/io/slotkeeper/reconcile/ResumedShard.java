package io.slotkeeper.reconcile;

import io.slotkeeper.api.Mode;
import io.slotkeeper.observe.Remembered;
import io.slotkeeper.observe.RememberedShard;
import io.slotkeeper.resources.PodName;
import java.util.Optional;
import java.util.stream.Stream;

/** With how many pods a halted shard starts again, where fewer are wanted meanwhile. */
public final class ResumedShard {

  private ResumedShard() {}

  /**
   * In a cluster, the last owner of its slots is among them: it must hand them over first. Servers
   * of other modes that stop together hand over to each other, unseen, and any of them may have the
   * newest data. So all come back, and the surplus ones go when it is known which that is.
   *
   * @return 0 where nothing is remembered
   */
  public static int pods(Mode mode, Remembered remembered, int shard) {
    Stream<String> pods =
        switch (mode) {
          case Cluster ->
              Optional.ofNullable(remembered.shard(shard).owner())
                  .map(RememberedShard.Owner::id)
                  .flatMap(remembered::podOf)
                  .stream();
          case Standalone, Sentinel ->
              Stream.concat(
                  remembered.members().keySet().stream(),
                  remembered.shard(shard).copies().stream());
        };
    return pods.flatMap(pod -> PodName.parse(pod).stream())
        .filter(pod -> pod.shard() == shard)
        .mapToInt(pod -> pod.ordinal() + 1)
        .max()
        .orElse(0);
  }
}
