package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.slotkeeper.model.PodState;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.resources.MemoryLimit;
import io.slotkeeper.resources.ResolvedSpec;
import io.slotkeeper.resources.ServerPasswords;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a Redis asks for, with everything it refers to looked up.
 *
 * @param topology the cluster to keep; that of the running one, where a change is not possible
 * @param objects what should exist; empty where something stands in the way
 * @param settings that running servers are to have; empty where something stands in the way
 * @param limit the memory limit of the pod template, in bytes; empty for none
 * @param limits those that pods have, by uid
 * @param version of the server; empty where the RedisVersion is missing
 * @param password of the servers; null where authentication is off or the password is unknown
 * @param served what the Secret of the servers has, for running servers; empty where that is
 *     unknown
 * @param certificate of the servers
 * @param problem what stands in the way of carrying it all out
 * @param rolling pods of an older template are to be replaced
 * @param warnings what is accepted but unwise
 */
record DesiredState(
    Topology topology,
    List<HasMetadata> objects,
    Map<String, String> settings,
    OptionalLong limit,
    Map<String, OptionalLong> limits,
    Optional<String> version,
    @Nullable String password,
    Optional<ServerPasswords> served,
    CertificateResolver.Found certificate,
    Optional<Problem> problem,
    List<Problem> warnings,
    boolean rolling,
    boolean halted) {

  /** The settings that the server of a pod is to have while it runs. */
  Map<String, String> settingsOf(PodState pod) {
    Map<String, String> own =
        MemoryLimit.fit(settings, limit, limits.getOrDefault(pod.uid(), limit));
    own.keySet().removeAll(ResolvedSpec.PERSISTENCE);
    return own;
  }

  /**
   * The same, with nothing of it to be carried out: what runs continues.
   *
   * @param kept the cluster that runs
   */
  DesiredState refused(Problem because, Topology kept) {
    return new DesiredState(
        kept,
        List.of(),
        Map.of(),
        limit,
        limits,
        version,
        password,
        served,
        certificate,
        Optional.of(because),
        warnings,
        false,
        halted);
  }

  @Override
  public String toString() {
    return "DesiredState[" + topology + "]"; // not the password
  }
}
