package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The subset of a Service's spec that users may choose. */
@ApiObject
@ValidationRule(
    value = "!has(self.nodePort) || self.type != 'ClusterIP'",
    message = "spec.serviceTemplate.spec.nodePort needs type NodePort or LoadBalancer")
@ValidationRule(
    value = "!has(self.loadBalancerSourceRanges) || self.type == 'LoadBalancer'",
    message = "spec.serviceTemplate.spec.loadBalancerSourceRanges needs type LoadBalancer")
public record ServiceTemplateSpec(
    @JsonPropertyDescription("How the Service is reached.") @Default("ClusterIP") Type type,
    @JsonPropertyDescription(
            "The port on every node, for the types NodePort and LoadBalancer; Kubernetes picks one if left out.")
        @Min(1)
        @Max(65535)
        @Nullable Integer nodePort,
    @JsonPropertyDescription(
            "The address ranges (CIDR) that a load balancer lets in, for the type LoadBalancer.")
        @Size(max = 64)
        List<String> loadBalancerSourceRanges) {

  public static final ServiceTemplateSpec NONE = new ServiceTemplateSpec(null, null, null);

  public ServiceTemplateSpec(
      @Nullable Type type,
      @Nullable Integer nodePort,
      @Nullable List<String> loadBalancerSourceRanges) {
    this.type = Objects.requireNonNullElse(type, Type.ClusterIP);
    this.nodePort = nodePort;
    this.loadBalancerSourceRanges = Absent.toEmpty(loadBalancerSourceRanges);
  }

  public enum Type {
    ClusterIP,
    NodePort,
    LoadBalancer
  }
}
