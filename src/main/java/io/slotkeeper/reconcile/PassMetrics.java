package io.slotkeeper.reconcile;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** How long passes take, and how long the servers take to answer in them. */
public final class PassMetrics {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10)
  };

  private final MeterRegistry registry;
  private final Timer succeeded;
  private final Timer failed;
  private final Timer looks;

  public PassMetrics(MeterRegistry registry) {
    this.registry = registry;
    succeeded = passes("succeeded");
    failed = passes("failed");
    looks =
        Timer.builder("slotkeeper.look.duration")
            .description("How long the slowest server of a Redis took to answer in a pass")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
  }

  private Timer passes(String result) {
    return Timer.builder("slotkeeper.pass.duration")
        .description("How long a pass over one Redis took")
        .tag("result", result)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  /**
   * Runs and measures a pass.
   *
   * @param pass gets what to call if it finds out nothing; an exception counts as the same
   */
  <T> T measure(Function<Runnable, T> pass) {
    boolean known = false;
    AtomicBoolean unknown = new AtomicBoolean();
    Timer.Sample began = Timer.start(registry);
    try {
      T result = pass.apply(() -> unknown.set(true));
      known = true;
      return result;
    } finally {
      began.stop(known && !unknown.get() ? succeeded : failed);
    }
  }

  /**
   * @param took of the slowest server; the clock can have been set back meanwhile
   */
  void looked(Duration took) {
    if (!took.isNegative()) {
      looks.record(took);
    }
  }
}
