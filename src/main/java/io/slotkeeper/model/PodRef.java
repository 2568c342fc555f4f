package io.slotkeeper.model;

/**
 * A pod as it was when a decision was made about it.
 *
 * @param resourceVersion it had then: the decision does not hold for a pod that has changed since
 */
public record PodRef(String name, String uid, String resourceVersion, int shard) {

  public static PodRef of(PodState pod) {
    return new PodRef(pod.name(), pod.uid(), pod.resourceVersion(), pod.shard());
  }

  @Override
  public String toString() {
    return name;
  }
}
