package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;

/**
 * The headless Service that gives each pod its DNS name. Pods need their names before they are
 * ready.
 */
public final class GoverningService {

  private GoverningService() {}

  public static Service of(ResolvedSpec redis) {
    return new ServiceBuilder()
        .withMetadata(Metadata.of(redis, redis.names().governingService()))
        .withNewSpec()
        .withType("ClusterIP")
        .withClusterIP("None")
        .withPublishNotReadyAddresses(true)
        .withSelector(Labels.selector(redis.name()))
        .withPorts(redis.kind().ports().stream().map(GoverningService::port).toList())
        .endSpec()
        .build();
  }

  private static ServicePort port(ServerKind.Port port) {
    return new ServicePortBuilder()
        .withName(port.name())
        .withProtocol("TCP")
        .withPort(port.number())
        .withNewTargetPort(port.name())
        .build();
  }
}
