package io.slotkeeper.operator;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.slotkeeper.observe.PodView;
import io.slotkeeper.observe.ServerLines;
import io.slotkeeper.redis.ServerWatch;
import io.slotkeeper.resources.Ports;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Holds an idle connection to every server, and wakes the reconciler when one breaks or comes back:
 * the kubelet tells of an ended container about a second later.
 */
final class Watches implements ServerLines, AutoCloseable {
  private final ServerWatch watch;
  private final Map<String, ResourceID> owners = new ConcurrentHashMap<>();
  private final Map<ResourceID, Set<String>> pods = new ConcurrentHashMap<>();
  private final Set<String> held = ConcurrentHashMap.newKeySet();

  /**
   * @param wake has a Redis looked at
   * @param failure hears that nothing is watched any more
   */
  Watches(Consumer<ResourceID> wake, Consumer<Throwable> failure) {
    this.watch =
        new ServerWatch(
            new ServerWatch.Listener() {
              @Override
              public void onServerGone(String uid) {
                wake(uid);
              }

              @Override
              public void onServerUp(String uid) {
                held.add(uid);
                wake(uid);
              }

              @Override
              public void onFailure(Throwable cause) {
                failure.accept(cause);
              }

              private void wake(String uid) {
                ResourceID redis = owners.get(uid);
                if (redis != null) {
                  wake.accept(redis);
                }
              }
            });
  }

  /** From now on these are the pods of a Redis. */
  void follow(ResourceID redis, Collection<PodView> current) {
    Set<String> uids = new HashSet<>();
    for (PodView pod : current) {
      if (pod.ip() != null) {
        uids.add(pod.uid());
        owners.put(pod.uid(), redis);
        watch.watch(new ServerWatch.Key(pod.uid(), pod.ip(), Ports.CLIENT));
      }
    }
    Set<String> before = uids.isEmpty() ? pods.remove(redis) : pods.put(redis, uids);
    if (before != null) {
      before.stream()
          .filter(uid -> !uids.contains(uid))
          .forEach(uid -> {
            owners.remove(uid);
            held.remove(uid);
            watch.unwatch(uid);
          });
    }
  }

  /** Deaths are noticed at once. */
  boolean isAlive() {
    return watch.isAlive();
  }

  /** The pods that are watched now. */
  Set<String> podUids() {
    return Set.copyOf(owners.keySet());
  }

  /** Lets go of all but these. */
  void retain(Set<ResourceID> redises) {
    pods.keySet().stream()
        .filter(redis -> !redises.contains(redis))
        .forEach(redis -> follow(redis, Set.of()));
  }

  @Override
  public Line of(String podUid) {
    return switch (watch.state(podUid)) {
      case HELD, DROPPED -> Line.OPEN;
      case REFUSED_AFTER_HELD -> Line.LOST;
      case CONNECTING, UNKNOWN -> held.contains(podUid) ? Line.SILENT : Line.OPEN;
    };
  }

  @Override
  public void close() {
    watch.close();
  }
}
