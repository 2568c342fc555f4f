package io.slotkeeper.resources;

/**
 * The names of everything that belongs to one Redis. The schema caps the name of a Redis at 40
 * characters so that these, and the labels that Kubernetes makes of them, fit into 63.
 *
 * @param redis the name of the Redis
 */
public record Names(String redis) {

  /** The claim template of the pods' data, and the volume in them. */
  static final String DATA = "data";

  public String clientService() {
    return redis;
  }

  public String governingService() {
    return redis + "-gvr";
  }

  public String configMap() {
    return redis + "-config";
  }

  /** The Secret that the operator makes when the user brings none. */
  public String authSecret() {
    return redis + "-auth";
  }

  public String networkPolicy() {
    return redis + "-bus";
  }

  /** The StatefulSet of a shard, and its PodDisruptionBudget. */
  public String shard(int shard) {
    return redis + "-shard" + shard;
  }

  public String pod(int shard, int ordinal) {
    return shard(shard) + "-" + ordinal;
  }

  /** The PersistentVolumeClaim of a pod. */
  public String claim(int shard, int ordinal) {
    return DATA + "-" + pod(shard, ordinal);
  }

  /** The PersistentVolumeClaim of a pod. */
  public static String claimOfPod(String pod) {
    return DATA + "-" + pod;
  }

  /** The pod that a claim belongs to. */
  public static String podOfClaim(String claim) {
    return claim.substring(DATA.length() + 1);
  }
}
