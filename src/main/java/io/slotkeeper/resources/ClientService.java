package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.slotkeeper.api.ServiceTemplateSpec;
import io.slotkeeper.api.TemplateMetadata;

/**
 * The Service that clients connect to first: any ready server can redirect them to the owners of
 * slots, so it selects all servers, masters or not.
 */
public final class ClientService {

  private ClientService() {}

  public static Service of(ResolvedSpec redis) {
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
        .withSelector(Labels.selector(redis.name()))
        .withPorts(port(template))
        .withLoadBalancerSourceRanges(template.loadBalancerSourceRanges())
        .endSpec()
        .build();
  }

  private static ServicePort port(ServiceTemplateSpec template) {
    return new ServicePortBuilder()
        .withName(Ports.CLIENT_NAME)
        .withProtocol("TCP")
        .withPort(Ports.CLIENT)
        .withNewTargetPort(Ports.CLIENT_NAME)
        .withNodePort(template.nodePort())
        .build();
  }
}
