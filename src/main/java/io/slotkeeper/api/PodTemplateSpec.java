package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The subset of a pod's spec, and of its {@code redis} container, that users may choose. */
@ApiObject
public record PodTemplateSpec(
    @JsonPropertyDescription("Requests and limits of the redis container.")
        @Nullable ResourceRequirements resources,
    @JsonPropertyDescription(
            "Scheduling constraints; replaces the anti-affinity that the operator sets by itself.")
        @Nullable Affinity affinity,
    @JsonPropertyDescription("Taints that the pods tolerate.") List<Toleration> tolerations,
    @JsonPropertyDescription("How the pods spread over nodes and zones.")
        List<TopologySpreadConstraint> topologySpreadConstraints,
    @JsonPropertyDescription("Labels that a node must have to run the pods.")
        Map<String, String> nodeSelector,
    @JsonPropertyDescription("The PriorityClass of the pods.") @Nullable String priorityClassName,
    @JsonPropertyDescription(
            "How many seconds a server has to hand its slots over and to write its data when its pod goes; 120 by"
                + " default. More is needed where a dump takes longer to write than that.")
        @Min(30)
        @Nullable Long terminationGracePeriodSeconds,
    @JsonPropertyDescription("Secrets to pull the image with.")
        List<LocalReference> imagePullSecrets,
    @JsonPropertyDescription("The ServiceAccount of the pods. Its token is not mounted.")
        @Nullable String serviceAccountName,
    @JsonPropertyDescription(
            "The security context of the pods; what it leaves out keeps the operator's value.")
        @Nullable PodSecurityContext securityContext,
    @JsonPropertyDescription(
            "The security context of the redis container; what it leaves out keeps the operator's value.")
        @Nullable SecurityContext containerSecurityContext,
    @JsonPropertyDescription(
            "Environment variables to add to the redis container. Names that match this regular expression belong to"
                + " the operator and are left out: "
                + ReservedVariables.NAMES)
        List<EnvVar> env) {

  public static final PodTemplateSpec NONE =
      new PodTemplateSpec(null, null, null, null, null, null, null, null, null, null, null, null);

  public PodTemplateSpec(
      @Nullable ResourceRequirements resources,
      @Nullable Affinity affinity,
      @Nullable List<Toleration> tolerations,
      @Nullable List<TopologySpreadConstraint> topologySpreadConstraints,
      @Nullable Map<String, String> nodeSelector,
      @Nullable String priorityClassName,
      @Nullable Long terminationGracePeriodSeconds,
      @Nullable List<LocalReference> imagePullSecrets,
      @Nullable String serviceAccountName,
      @Nullable PodSecurityContext securityContext,
      @Nullable SecurityContext containerSecurityContext,
      @Nullable List<EnvVar> env) {
    this.resources = resources;
    this.affinity = affinity;
    this.tolerations = Absent.toEmpty(tolerations);
    this.topologySpreadConstraints = Absent.toEmpty(topologySpreadConstraints);
    this.nodeSelector = Absent.toEmpty(nodeSelector);
    this.priorityClassName = priorityClassName;
    this.terminationGracePeriodSeconds = terminationGracePeriodSeconds;
    this.imagePullSecrets = Absent.toEmpty(imagePullSecrets);
    this.serviceAccountName = serviceAccountName;
    this.securityContext = securityContext;
    this.containerSecurityContext = containerSecurityContext;
    this.env = Absent.toEmpty(env);
  }
}
