package io.slotkeeper.reconcile;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.slotkeeper.model.PodState;
import io.slotkeeper.model.SentinelPod;
import io.slotkeeper.model.ServerConnections;
import io.slotkeeper.redis.ServerWatch;
import io.slotkeeper.redis.sentinel.SwitchNews;
import io.slotkeeper.resources.Ports;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds an idle connection to every server, and wakes the reconciler when one breaks or comes back:
 * the kubelet reports an ended container about a second later.
 */
public final class ServerLiveness implements ServerConnections, AutoCloseable {
  private final ServerWatch watch;
  private final Map<String, ResourceID> owners = new ConcurrentHashMap<>();
  private final Map<ResourceID, Set<String>> pods = new ConcurrentHashMap<>();
  private final Set<String> held = ConcurrentHashMap.newKeySet();

  /**
   * @param wake triggers a pass over a Redis
   * @param failure is called when no server is watched any more
   */
  public ServerLiveness(Consumer<ResourceID> wake, Consumer<Throwable> failure) {
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
              public void onServerSpoke(String uid) {
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

  /**
   * From now on these are the pods of a Redis.
   *
   * @param sentinels which say when they have elected another primary
   * @param password of the Sentinels; null where authentication is off
   * @param tls connections are encrypted: then Sentinels are held, and not listened to
   */
  void follow(
      ResourceID redis,
      Collection<PodState> servers,
      Collection<SentinelPod> sentinels,
      @Nullable String password,
      boolean tls) {
    Set<String> uids = new HashSet<>();
    for (PodState pod : servers) {
      if (pod.ip() != null) {
        watch(redis, uids, new ServerWatch.Key(pod.uid(), pod.ip(), Ports.client(tls)));
      }
    }
    for (SentinelPod pod : sentinels) {
      String ip = pod.ip();
      if (ip != null) {
        String greeting = tls ? "" : SwitchNews.subscription(password);
        watch(redis, uids, new ServerWatch.Key(pod.uid(), ip, Ports.sentinel(tls), greeting));
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

  private void watch(ResourceID redis, Set<String> uids, ServerWatch.Key key) {
    uids.add(key.owner());
    owners.put(key.owner(), redis);
    watch.watch(key);
  }

  /** Deaths are noticed at once. */
  public boolean isAlive() {
    return watch.isAlive();
  }

  /** The pods that are watched now. */
  public Set<String> podUids() {
    return Set.copyOf(owners.keySet());
  }

  /** Stops watching all except these. */
  void retain(Set<ResourceID> redises) {
    pods.keySet().stream()
        .filter(redis -> !redises.contains(redis))
        .forEach(redis -> follow(redis, Set.of(), Set.of(), null, false));
  }

  @Override
  public ConnectionState of(String podUid) {
    return switch (watch.state(podUid)) {
      case HELD, DROPPED -> ConnectionState.ASK;
      case REFUSED_AFTER_HELD -> ConnectionState.LOST;
      case CONNECTING, UNKNOWN ->
          held.contains(podUid) ? ConnectionState.SILENT : ConnectionState.ASK;
    };
  }

  @Override
  public void close() {
    watch.close();
  }
}
