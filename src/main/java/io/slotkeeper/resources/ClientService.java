package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.slotkeeper.api.ServiceTemplateSpec;
import io.slotkeeper.api.TemplateMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Service that clients connect to. */
public final class ClientService {

  private ClientService() {}

  /**
   * @param selector of the servers that clients are sent to
   */
  public static Service of(ResolvedSpec redis, Map<String, String> selector) {
    TemplateMetadata user = redis.serviceTemplate().metadata();
    ServiceTemplateSpec template = redis.serviceTemplate().spec();
    return new ServiceBuilder()
        .withMetadata(
            new ObjectMetaBuilder(Metadata.of(redis, redis.names().clientService()))
                .withLabels(Labels.over(user.labels(), Labels.of(redis.name())))
                .withAnnotations(user.annotations())
                .build())
        .withNewSpec()
        .withType(template.type().name())
        .withSelector(selector)
        .withPorts(ports(redis, template.nodePort()))
        .withLoadBalancerSourceRanges(template.loadBalancerSourceRanges())
        .endSpec()
        .build();
  }

  /**
   * The ports of a Service for clients.
   *
   * @param nodePort for the one with TLS where there is; null for any
   */
  public static List<ServicePort> ports(ResolvedSpec redis, @Nullable Integer nodePort) {
    boolean tls = redis.tls().encrypts();
    List<ServicePort> ports = new ArrayList<>();
    if (tls) {
      ports.add(
          port(Ports.CLIENT_TLS_NAME, Ports.CLIENT_TLS, nodePort)
              .withTargetPort(new IntOrString(Ports.CLIENT_TLS))
              .build());
    }
    if (redis.tls().hasPlainPort()) {
      ports.add(
          port(Ports.CLIENT_NAME, Ports.CLIENT, tls ? null : nodePort)
              .withTargetPort(new IntOrString(Ports.CLIENT_NAME))
              .build());
    }
    return ports;
  }

  private static ServicePortBuilder port(String name, int number, @Nullable Integer nodePort) {
    return new ServicePortBuilder()
        .withName(name)
        .withProtocol("TCP")
        .withPort(number)
        .withNodePort(nodePort);
  }
}
