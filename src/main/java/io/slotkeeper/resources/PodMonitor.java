package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes the Prometheus Operator scrape each server through the exporter: the pods of the servers
 * are the targets, and relabelling sends the requests to the exporter.
 *
 * @see <a href="https://prometheus-operator.dev/docs/api-reference/api/">the API of the Prometheus
 *     Operator</a>
 */
public final class PodMonitor {
  public static final String API_VERSION = "monitoring.coreos.com/v1";
  public static final String KIND = "PodMonitor";

  private static final String POD = "__meta_kubernetes_pod_name";

  private PodMonitor() {}

  public static boolean is(HasMetadata object) {
    return KIND.equals(object.getKind()) && API_VERSION.equals(object.getApiVersion());
  }

  /** One with nothing but its place, to ask for it. */
  public static GenericKubernetesResource named(String namespace, String redis) {
    GenericKubernetesResource monitor = new GenericKubernetesResource();
    monitor.setApiVersion(API_VERSION);
    monitor.setKind(KIND);
    monitor.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(namespace)
            .withName(new Names(redis).exporter())
            .build());
    return monitor;
  }

  static GenericKubernetesResource of(Exporter exporter) {
    ResolvedSpec redis = exporter.redis();
    GenericKubernetesResource monitor = named(redis.namespace(), redis.name());
    monitor.setMetadata(
        new ObjectMetaBuilder(exporter.metadata())
            .withLabels(
                Labels.over(
                    exporter.wanted().podMonitor().labels(), Labels.ofExporter(redis.name())))
            .build());
    monitor.setAdditionalProperty(
        "spec",
        sorted(
            Map.of(
                "selector",
                sorted(
                    Map.of(
                        "matchLabels",
                        Labels.selector(redis.name()),
                        "matchExpressions", // no Sentinels
                        List.of(sorted(Map.of("key", Labels.SHARD, "operator", "Exists"))))),
                "podMetricsEndpoints",
                List.of(
                    sorted(
                        Map.of(
                            "port",
                            Ports.CLIENT_NAME,
                            "path",
                            "/scrape",
                            "interval",
                            exporter.wanted().podMonitor().interval(),
                            "relabelings",
                            relabelings(exporter)))))));
    return monitor;
  }

  private static List<Map<String, Object>> relabelings(Exporter exporter) {
    return List.of(
        from(POD, "__param_target", exporter.target("$1")),
        fixed("__address__", exporter.address()),
        from(POD, "instance", "$1"),
        fixed("redis", exporter.redis().name()),
        from("__meta_kubernetes_pod_label_slotkeeper_io_shard", "shard", "$1"));
  }

  private static Map<String, Object> from(String source, String target, String replacement) {
    return sorted(
        Map.of("sourceLabels", List.of(source), "targetLabel", target, "replacement", replacement));
  }

  private static Map<String, Object> fixed(String target, String value) {
    return sorted(Map.of("targetLabel", target, "replacement", value));
  }

  /** In the same order in each process, so that nothing looks changed. */
  private static Map<String, Object> sorted(Map<String, Object> fields) {
    return new TreeMap<>(fields);
  }
}
