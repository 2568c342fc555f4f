package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The exporter connects wherever a request says, and a request may ask for the names and sizes of
 * keys. So it reaches the servers of its own Redis alone, and only its own namespace and those of
 * the operator's configuration reach it.
 */
final class ExporterNetworkPolicy {
  private static final int DNS = 53;

  private ExporterNetworkPolicy() {}

  static NetworkPolicy of(Exporter exporter) {
    return new NetworkPolicyBuilder()
        .withMetadata(exporter.metadata())
        .withNewSpec()
        .withNewPodSelector()
        .withMatchLabels(Labels.exporter(exporter.redis().name()))
        .endPodSelector()
        .withPolicyTypes("Ingress", "Egress")
        .addNewIngress()
        .addNewPort()
        .withProtocol("TCP")
        .withPort(new IntOrString(Ports.EXPORTER))
        .endPort()
        .withFrom(scrapers(exporter.namespaces()))
        .endIngress()
        .withEgress(servers(exporter.redis()), names())
        .endSpec()
        .build();
  }

  private static List<NetworkPolicyPeer> scrapers(List<String> namespaces) {
    return Stream.concat(
            Stream.of(new NetworkPolicyPeerBuilder().withNewPodSelector().endPodSelector().build()),
            namespaces.stream()
                .map(namespace ->
                    new NetworkPolicyPeerBuilder()
                        .withNewNamespaceSelector()
                        .withMatchLabels(Map.of(ServerNetworkPolicy.NAMESPACE, namespace))
                        .endNamespaceSelector()
                        .build()))
        .toList();
  }

  private static NetworkPolicyEgressRule servers(ResolvedSpec redis) {
    return new NetworkPolicyEgressRuleBuilder()
        .addNewTo()
        .withNewPodSelector()
        .withMatchLabels(Labels.selector(redis.name()))
        .endPodSelector()
        .endTo()
        .addNewPort()
        .withProtocol("TCP")
        .withPort(new IntOrString(Ports.CLIENT))
        .endPort()
        .build();
  }

  /** Wherever the DNS server is: it may run on the nodes, which no selector names. */
  private static NetworkPolicyEgressRule names() {
    return new NetworkPolicyEgressRuleBuilder()
        .addNewPort()
        .withProtocol("UDP")
        .withPort(new IntOrString(DNS))
        .endPort()
        .addNewPort()
        .withProtocol("TCP")
        .withPort(new IntOrString(DNS))
        .endPort()
        .build();
  }
}
