package io.slotkeeper.mode.cluster.resources;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.Metadata;
import io.slotkeeper.resources.Ports;
import io.slotkeeper.resources.ResolvedSpec;
import java.util.List;
import java.util.Map;

/**
 * Keeps foreign nodes off the cluster bus, which has no password: one packet from a node of another
 * cluster can merge the two, and the data of one is lost. A server without a password accepts the
 * command that does so from any client, so only its own namespace and the operator may connect to
 * it. Policies add up: another one can admit more clients.
 */
final class BusNetworkPolicy {

  private BusNetworkPolicy() {}

  /** The label with its name that Kubernetes gives each namespace. */
  private static final String NAMESPACE = "kubernetes.io/metadata.name";

  /**
   * @param operatorNamespace where the operator's own pods run
   */
  static NetworkPolicy of(ResolvedSpec redis, String operatorNamespace) {
    return new NetworkPolicyBuilder()
        .withMetadata(Metadata.of(redis, redis.names().networkPolicy()))
        .withNewSpec()
        .withNewPodSelector()
        .withMatchLabels(Labels.selector(redis.name()))
        .endPodSelector()
        .withPolicyTypes("Ingress")
        .addNewIngress()
        .withPorts(port(Ports.CLIENT))
        .withFrom(redis.authSecret() == null ? insiders(operatorNamespace) : List.of())
        .endIngress()
        .addNewIngress()
        .withPorts(port(Ports.BUS))
        .addNewFrom()
        .withNewPodSelector()
        .withMatchLabels(Labels.selector(redis.name()))
        .endPodSelector()
        .endFrom()
        .endIngress()
        .endSpec()
        .build();
  }

  private static List<NetworkPolicyPeer> insiders(String operatorNamespace) {
    return List.of(
        new NetworkPolicyPeerBuilder().withNewPodSelector().endPodSelector().build(),
        new NetworkPolicyPeerBuilder()
            .withNewNamespaceSelector()
            .withMatchLabels(Map.of(NAMESPACE, operatorNamespace))
            .endNamespaceSelector()
            .build());
  }

  private static NetworkPolicyPort port(int port) {
    return new NetworkPolicyPortBuilder()
        .withProtocol("TCP")
        .withPort(new IntOrString(port))
        .build();
  }
}
