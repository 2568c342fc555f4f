package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.slotkeeper.api.PrometheusSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One redis_exporter for all servers of a Redis. It is scraped once per server ({@code
 * /scrape?target=}), so nothing of it is in the servers' pods, and it comes and goes without a
 * restart.
 *
 * @param redis the Redis
 * @param wanted what the user says of it
 * @param image of redis_exporter, where the user names none
 * @param namespaces further ones whose pods may scrape it, besides that of the Redis
 */
public record Exporter(
    ResolvedSpec redis, PrometheusSpec wanted, String image, List<String> namespaces) {

  /**
   * Annotation of the governing Service, whose endpoints are the servers: the address of their
   * exporter, for a Prometheus that finds targets by itself.
   */
  static final String ADDRESS = Labels.EXPORTER;

  /** All of it but the Deployment and the Secret: what protects and what finds it. */
  public List<HasMetadata> surroundings() {
    List<HasMetadata> objects = new ArrayList<>();
    objects.add(ExporterNetworkPolicy.of(this));
    objects.add(service());
    objects.add(PodMonitor.of(this));
    return objects;
  }

  /** The governing Service, annotated; any other object as it is. */
  public HasMetadata announcedBy(HasMetadata object) {
    if (object instanceof Service service
        && service.getMetadata().getName().equals(redis.names().governingService())) {
      return new ServiceBuilder(service)
          .editMetadata()
          .addToAnnotations(ADDRESS, address())
          .endMetadata()
          .build();
    }
    return object;
  }

  /** Where it is scraped. */
  String address() {
    return "%s.%s.svc:%d".formatted(redis.names().exporter(), redis.namespace(), Ports.EXPORTER);
  }

  /**
   * The address of a server. By name, for it is also the key of the server's password: addresses
   * change, and other pods get them.
   */
  String target(String pod) {
    return "redis://%s.%s.%s.svc:%d"
        .formatted(pod, redis.names().governingService(), redis.namespace(), Ports.CLIENT);
  }

  ObjectMeta metadata() {
    return new ObjectMetaBuilder(Metadata.of(redis, redis.names().exporter()))
        .withLabels(Labels.ofExporter(redis.name()))
        .build();
  }

  private Service service() {
    return new ServiceBuilder()
        .withMetadata(metadata())
        .withNewSpec()
        .withType("ClusterIP")
        .withSelector(Labels.exporter(redis.name()))
        .addNewPort()
        .withName(ExporterDeployment.PORT)
        .withProtocol("TCP")
        .withPort(Ports.EXPORTER)
        .withNewTargetPort(ExporterDeployment.PORT)
        .endPort()
        .endSpec()
        .build();
  }

  String effectiveImage() {
    return Optional.ofNullable(wanted.exporter().image()).orElse(image);
  }
}
