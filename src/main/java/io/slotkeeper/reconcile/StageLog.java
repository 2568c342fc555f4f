package io.slotkeeper.reconcile;

import io.micrometer.core.instrument.MeterRegistry;
import io.slotkeeper.reconcile.Stages.Stage;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs and counts the stages that fail. */
public final class StageLog implements Stages.Listener {
  private static final Logger log = LoggerFactory.getLogger(StageLog.class);

  private final MeterRegistry registry;

  /** What was last logged of each Redis and stage: a failure that stays is one line. */
  private final Map<String, Map<Stage, String>> logged = new ConcurrentHashMap<>();

  public StageLog(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void succeeded(String uid, Stage stage) {
    Map<Stage, String> before = logged.get(uid);
    if (before != null && before.remove(stage) != null) {
      log.info("{} works again", stage.words());
    }
  }

  @Override
  public void failed(String uid, Stage stage, String cause, RuntimeException e) {
    registry.counter("slotkeeper.stage.failures", "stage", stage.tag()).increment();
    String before = logged.computeIfAbsent(uid, _ -> new ConcurrentHashMap<>()).put(stage, cause);
    if (!cause.equals(before)) {
      log.warn("{} failed", stage.words(), e);
    }
  }

  /** Keeps only entries of Redises that still exist. */
  public void retain(Set<String> uids) {
    logged.keySet().retainAll(uids);
  }
}
