package io.slotkeeper.reconcile;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.slotkeeper.api.Redis;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets what is kept about a Redis that is gone. A failure stops neither the rest of a round nor
 * the next round: memory would grow silently.
 */
public final class Housekeeping implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

  private final Supplier<List<Redis>> redises;
  private final ServerLiveness liveness;
  private final List<Consumer<Set<String>>> caches;

  /**
   * @param redises all that exist
   * @param keepers each keeps only entries of Redises with these UIDs
   */
  public Housekeeping(
      Supplier<List<Redis>> redises, ServerLiveness liveness, List<Consumer<Set<String>>> keepers) {
    this.redises = redises;
    this.liveness = liveness;
    this.caches = List.copyOf(keepers);
  }

  @Override
  public void run() {
    List<Redis> existing = redises.get();
    attempt(() ->
        liveness.retain(
            existing.stream().map(ResourceID::fromResource).collect(Collectors.toSet())));
    Set<String> uids =
        existing.stream().map(redis -> redis.getMetadata().getUid()).collect(Collectors.toSet());
    caches.forEach(keeper -> attempt(() -> keeper.accept(uids)));
  }

  private static void attempt(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      log.error("cannot forget what is gone", e);
    }
  }
}
