package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.slotkeeper.api.Mode;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Keeps foreign nodes off the cluster bus, which has no password: one packet from a node of another
 * cluster can merge the two, and the data of one is lost. A server without a password accepts the
 * command that does so, or that makes it a replica of another, from any client, so only its own
 * namespace and the operator may connect to it. Policies add up: another one can admit more
 * clients.
 */
public final class ServerNetworkPolicy {

  private ServerNetworkPolicy() {}

  /** The label with its name that Kubernetes gives each namespace. */
  static final String NAMESPACE = "kubernetes.io/metadata.name";

  /**
   * @param operatorNamespace where the operator's own pods run
   */
  public static NetworkPolicy of(ResolvedSpec redis, String operatorNamespace) {
    return new NetworkPolicyBuilder()
        .withMetadata(Metadata.of(redis, redis.names().networkPolicy()))
        .withNewSpec()
        .withNewPodSelector()
        .withMatchLabels(Labels.selector(redis.name()))
        .endPodSelector()
        .withPolicyTypes("Ingress")
        .withIngress(
            ports(redis)
                .mapToObj(port -> rule(port, sources(port, redis, operatorNamespace)))
                .toList())
        .endSpec()
        .build();
  }

  private static IntStream ports(ResolvedSpec redis) {
    IntStream plain =
        IntStream.concat(
            redis.kind().ports().stream().mapToInt(ServerKind.Port::number),
            redis.mode() == Mode.Sentinel ? IntStream.of(Ports.SENTINEL) : IntStream.empty());
    if (!redis.tls().encrypts()) {
      return plain;
    }
    IntStream encrypted =
        redis.mode() == Mode.Sentinel
            ? IntStream.of(Ports.CLIENT_TLS, Ports.SENTINEL_TLS)
            : IntStream.of(Ports.CLIENT_TLS);
    return IntStream.concat(
        plain.filter(port -> port == Ports.BUS || redis.tls().hasPlainPort()), encrypted);
  }

  private static NetworkPolicyIngressRule rule(int port, List<NetworkPolicyPeer> sources) {
    return new NetworkPolicyIngressRuleBuilder()
        .addNewPort()
        .withProtocol("TCP")
        .withPort(new IntOrString(port))
        .endPort()
        .withFrom(sources)
        .build();
  }

  /** Empty for everywhere. */
  private static List<NetworkPolicyPeer> sources(
      int port, ResolvedSpec redis, String operatorNamespace) {
    if (port == Ports.BUS) {
      return List.of(
          new NetworkPolicyPeerBuilder()
              .withNewPodSelector()
              .withMatchLabels(Labels.selector(redis.name()))
              .endPodSelector()
              .build());
    }
    return redis.authSecret() == null ? insiders(operatorNamespace) : List.of();
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
}
