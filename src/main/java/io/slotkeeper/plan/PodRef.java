package io.slotkeeper.plan;

import io.slotkeeper.observe.PodView;

/**
 * A pod as it was when a decision was made about it.
 *
 * @param resourceVersion it had then: a pod that has changed since is not what was decided about
 */
public record PodRef(String name, String uid, String resourceVersion, int shard) {

  static PodRef of(PodView pod) {
    return new PodRef(pod.name(), pod.uid(), pod.resourceVersion(), pod.shard());
  }

  @Override
  public String toString() {
    return name;
  }
}
