package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.slotkeeper.api.Redis;
import io.slotkeeper.reasons.EventRecord;
import io.slotkeeper.reasons.Listing;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * Objects that carry the labels of a Redis and do not belong to it. They are left alone; one event
 * for each reports it.
 */
public final class ForeignObjects {
  private static final int MOST_NAMES = 8;

  private final BiConsumer<Redis, List<EventRecord>> events;
  private final Map<String, Set<String>> told = new ConcurrentHashMap<>();

  public ForeignObjects(BiConsumer<Redis, List<EventRecord>> events) {
    this.events = events;
  }

  void publish(Redis redis, Collection<HasMetadata> strangers) {
    news(redis.getMetadata().getUid(), strangers)
        .map(note -> new EventRecord(false, "ObjectIgnored", "Observe", note))
        .ifPresent(notice -> events.accept(redis, List.of(notice)));
  }

  private Optional<String> news(String uid, Collection<HasMetadata> strangers) {
    Set<String> now =
        strangers.stream().map(s -> s.getMetadata().getUid()).collect(Collectors.toSet());
    Set<String> before = now.isEmpty() ? told.remove(uid) : told.put(uid, now);
    List<String> names =
        strangers.stream()
            .filter(s -> before == null || !before.contains(s.getMetadata().getUid()))
            .map(s -> s.getKind() + " " + s.getMetadata().getName())
            .sorted()
            .toList();
    if (names.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "Left alone: %s. The labels are those of this Redis, but not the name and the owner."
            .formatted(Listing.of(names, MOST_NAMES)));
  }

  /** Forgets what is gone. */
  public void retain(Set<String> uids) {
    told.keySet().retainAll(uids);
  }
}
