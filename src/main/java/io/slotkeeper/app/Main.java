package io.slotkeeper.app;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.slotkeeper.kubernetes.TolerantSerialization;
import io.slotkeeper.operatorsettings.OperatorSettings;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator's process. */
public final class Main {
  private static final Logger log = LoggerFactory.getLogger(Main.class);

  private Main() {}

  public static void main(String[] arguments) {
    OperatorSettings settings;
    try {
      settings = OperatorSettings.from(System.getenv());
    } catch (IllegalArgumentException e) {
      System.err.println("slotkeeper: " + e.getMessage());
      System.exit(2);
      return;
    }
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new JvmGcMetrics().bindTo(registry);
    KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(clientConfig())
            .withKubernetesSerialization(TolerantSerialization.serialization())
            .build();
    SlotkeeperOperator operator =
        new SlotkeeperOperator(settings, client, registry, InstantSource.system(), version());
    HttpEndpoints http =
        new HttpEndpoints(settings.httpPort(), operator::isAlive, operator::isReady, registry);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> {
                  log.info("shutting down");
                  operator.close();
                  http.close();
                }));
    operator.start();
    log.atInfo()
        .addKeyValue("version", version())
        .addKeyValue(
            "namespaces", settings.watchNamespaces().isEmpty() ? "all" : settings.watchNamespaces())
        .log("watching");
  }

  /** Shorter than the defaults: a pass that waits for the API server is better tried again. */
  private static Config clientConfig() {
    return new ConfigBuilder(Config.autoConfigure(null))
        .withConnectionTimeout(5_000)
        .withRequestTimeout(10_000)
        .withRequestRetryBackoffLimit(3)
        .build();
  }

  private static String version() {
    return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
