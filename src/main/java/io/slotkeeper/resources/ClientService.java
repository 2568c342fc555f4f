package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.slotkeeper.api.ServiceTemplateSpec;
import io.slotkeeper.api.TemplateMetadata;
import java.util.Map;

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
        .withPorts(new ServicePortBuilder(port()).withNodePort(template.nodePort()).build())
        .withLoadBalancerSourceRanges(template.loadBalancerSourceRanges())
        .endSpec()
        .build();
  }

  /** The port of a Service for clients. */
  public static ServicePort port() {
    return new ServicePortBuilder()
        .withName(Ports.CLIENT_NAME)
        .withProtocol("TCP")
        .withPort(Ports.CLIENT)
        .withNewTargetPort(Ports.CLIENT_NAME)
        .build();
  }
}
