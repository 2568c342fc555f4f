package io.slotkeeper.observe;

import io.slotkeeper.model.PodState;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import java.util.Optional;

/** A pod and what was seen of its server. */
public record Member(PodState pod, ServerAnswer answer) {

  public Optional<NodeSnapshot> snapshot() {
    return answer instanceof ServerAnswer.Answered(NodeSnapshot snapshot)
        ? Optional.of(snapshot)
        : Optional.empty();
  }
}
