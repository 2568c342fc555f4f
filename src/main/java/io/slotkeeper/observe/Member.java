package io.slotkeeper.observe;

import io.slotkeeper.redis.NodeSnapshot;
import java.util.Optional;

/** A pod and what was seen of its server. */
public record Member(PodView pod, Sight sight) {

  public Optional<NodeSnapshot> seen() {
    return sight instanceof Sight.Seen(NodeSnapshot snapshot)
        ? Optional.of(snapshot)
        : Optional.empty();
  }
}
