package io.slotkeeper.app;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;

/** The endpoints in a process of their own, until its input ends; prints their port. */
public final class ServedEndpoints {

  private ServedEndpoints() {}

  public static void main(String[] arguments) throws IOException {
    try (HttpEndpoints endpoints =
        new HttpEndpoints(
            0, () -> true, () -> true, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))) {
      System.out.println(endpoints.port());
      while (System.in.read() >= 0) {
        // until the test is over
      }
    }
  }
}
