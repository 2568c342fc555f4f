package io.slotkeeper.mode.standalone.resources;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.slotkeeper.resources.ClientService;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.Metadata;
import io.slotkeeper.resources.ResolvedSpec;

/**
 * The Service for clients that only read. Of the user's template it has the labels alone: an
 * annotation may give a name or an address to the Service for clients, which two cannot share.
 */
final class ReplicasService {

  private ReplicasService() {}

  static Service of(ResolvedSpec redis) {
    return new ServiceBuilder()
        .withMetadata(
            new ObjectMetaBuilder(Metadata.of(redis, redis.names().replicasService()))
                .withLabels(
                    Labels.over(
                        redis.serviceTemplate().metadata().labels(), Labels.of(redis.name())))
                .build())
        .withNewSpec()
        .withType("ClusterIP")
        .withSelector(Labels.reads(redis.name()))
        .withPorts(ClientService.ports(redis, null))
        .endSpec()
        .build();
  }
}
