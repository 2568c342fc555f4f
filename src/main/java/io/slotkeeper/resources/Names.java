package io.slotkeeper.resources;

import io.slotkeeper.api.ClusterSpec;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The names of everything that belongs to one Redis. The schema caps the name of a Redis at 40
 * characters so that these, and the labels that Kubernetes makes of them, fit into 63.
 *
 * @param redis the name of the Redis
 */
public record Names(String redis) {

  /** The claim template of the pods' data, and the volume in them. */
  public static final String DATA = "data";

  public String clientService() {
    return redis;
  }

  /**
   * The StatefulSet of the Sentinels, in mode Sentinel; the Service that leads to them; and their
   * PodDisruptionBudget.
   */
  public String sentinels() {
    return redis + "-sentinel";
  }

  public String sentinel(int ordinal) {
    return sentinels() + "-" + ordinal;
  }

  /** The number in the name of a Sentinel's pod; empty for any other name. */
  public OptionalInt sentinelOf(String pod) {
    String number =
        pod.startsWith(sentinels() + "-") ? pod.substring(sentinels().length() + 1) : "";
    return number.matches("0|[1-9]\\d{0,3}")
        ? OptionalInt.of(Integer.parseInt(number))
        : OptionalInt.empty();
  }

  /** Leads to the replicas, in the modes with one primary. */
  public String replicasService() {
    return redis + "-replicas";
  }

  public String governingService() {
    return redis + "-gvr";
  }

  public String configMap() {
    return redis + "-config";
  }

  /** The Secret that the operator creates when the user brings none. */
  public String authSecret() {
    return redis + "-auth";
  }

  /** The Secret that servers and Sentinels start with. */
  public String serverSecret() {
    return redis + "-server";
  }

  /** The Secret that applications connect with. */
  public String bindingSecret() {
    return redis + "-binding";
  }

  /** The Secret with the certificate that servers present, where they do. */
  public String tlsSecret() {
    return redis + "-tls";
  }

  /** The exporter's Deployment, Service, NetworkPolicy and Secret, and the PodMonitor. */
  public String exporter() {
    return redis + "-exporter";
  }

  /** The Secret with the authority that has issued it, where the user brings none. */
  public String authoritySecret() {
    return redis + "-ca";
  }

  /** It has its name from the cluster bus, which it was made for. */
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

  /** The number in the name of a shard's StatefulSet; empty for any other name. */
  public OptionalInt shardOf(String statefulSet) {
    return place(statefulSet + "-0")
        .map(name -> OptionalInt.of(name.shard()))
        .orElse(OptionalInt.empty());
  }

  /** The place that a pod's name encodes; empty for a name that no pod of this Redis can have. */
  public Optional<PodName> place(String pod) {
    return PodName.parse(pod)
        .filter(name -> name.redis().equals(redis))
        .filter(name -> name.shard() < ClusterSpec.MAX_MASTERS)
        .filter(name -> name.ordinal() <= ClusterSpec.MAX_REPLICAS);
  }

  /** The place of the pod that a claim is for; empty for a name that no such claim can have. */
  public Optional<PodName> placeOfClaim(String claim) {
    String prefix = DATA + "-";
    return claim.startsWith(prefix) ? place(claim.substring(prefix.length())) : Optional.empty();
  }
}
