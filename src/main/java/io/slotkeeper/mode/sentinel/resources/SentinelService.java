package io.slotkeeper.mode.sentinel.resources;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.Metadata;
import io.slotkeeper.resources.Ports;
import io.slotkeeper.resources.ResolvedSpec;

/** The Service that leads to the Sentinels that know a primary. */
final class SentinelService {

  private SentinelService() {}

  static Service of(ResolvedSpec redis) {
    return new ServiceBuilder()
        .withMetadata(
            new ObjectMetaBuilder(Metadata.of(redis, redis.names().sentinels()))
                .withLabels(
                    Labels.over(
                        redis.serviceTemplate().metadata().labels(),
                        Labels.ofSentinels(redis.name())))
                .build())
        .withNewSpec()
        .withType("ClusterIP")
        .withSelector(Labels.sentinels(redis.name()))
        .addNewPort()
        .withName(Ports.SENTINEL_NAME)
        .withProtocol("TCP")
        .withPort(Ports.SENTINEL)
        .withNewTargetPort(Ports.SENTINEL_NAME)
        .endPort()
        .endSpec()
        .build();
  }
}
