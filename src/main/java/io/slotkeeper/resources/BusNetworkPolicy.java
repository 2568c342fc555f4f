package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;

/**
 * Keeps strangers off the cluster bus, which knows no password: one packet from a node of another
 * cluster can merge the two, and the data of one is lost. Clients come in from everywhere; who
 * wants them fewer adds a policy.
 */
final class BusNetworkPolicy {

  private BusNetworkPolicy() {}

  static NetworkPolicy of(Blueprint redis) {
    return new NetworkPolicyBuilder()
        .withMetadata(Metadata.of(redis, redis.names().networkPolicy()))
        .withNewSpec()
        .withNewPodSelector()
        .withMatchLabels(Labels.selector(redis.name()))
        .endPodSelector()
        .withPolicyTypes("Ingress")
        .addNewIngress()
        .withPorts(port(Ports.CLIENT))
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

  private static NetworkPolicyPort port(int port) {
    return new NetworkPolicyPortBuilder()
        .withProtocol("TCP")
        .withPort(new IntOrString(port))
        .build();
  }
}
