package io.slotkeeper.plan;

import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.ClusterView;
import java.util.Optional;

/**
 * What the rules about pods ask of a mode's own model: which data is where. These rules are the
 * same in every mode.
 */
public interface ModeModel {
  Topology topology();

  ClusterView view();

  /** How many exist or are wanted; shards that leave count until they are empty. */
  int shards();

  /** Its server answers and is one of ours. */
  boolean serves(PodState pod);

  /** Its server leads its shard, or did when that was last known. */
  boolean leads(PodState pod);

  /** Its server answers, and has no data. */
  boolean isEmpty(PodState pod);

  /** Its server was never recorded, so it never had data of this Redis. */
  boolean isUnknown(PodState pod);

  /** Another server that has all the data of this one, and stays. */
  Optional<Safeguard.InSync> inSync(PodState pod);
}
