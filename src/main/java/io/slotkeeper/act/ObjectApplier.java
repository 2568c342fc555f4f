package io.slotkeeper.act;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.redis.Fanout;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes objects as they should be, by server-side apply, and only when there is a reason: what is
 * wanted has changed, or the object has changed since it was last applied. Whether a change of the
 * object is one that matters is left to the API server, for which an apply without effect is no
 * write. So nothing has to be compared here, and a quiet resource causes no call.
 */
public final class ObjectApplier {
  public static final String FIELD_MANAGER = "slotkeeper";

  /** Some hundred bytes each; one that is forgotten costs an apply without effect. */
  private static final int REMEMBERED = 20_000;

  /** So many at once, whatever is to be made: a restart of the operator applies everything. */
  private static final int CALLS = 32;

  private static final Duration FIRST_REST = Duration.ofSeconds(1);
  private static final Duration LONGEST_REST = Duration.ofSeconds(30);

  private final KubernetesClient client;
  private final Fanout fanout;
  private final InstantSource clock;
  private final Map<String, Applied> applied = Recent.map(REMEMBERED);
  private final Map<String, Refused> refused = Recent.map(REMEMBERED);
  private final Semaphore calls = new Semaphore(CALLS);

  /** What was last applied, and the state it left the object in. */
  private record Applied(int wanted, String state, String uid) {}

  /**
   * The API server did not take it. A quota or a webhook that refuses one object refuses it at the
   * next pass, too.
   *
   * @param rest how long it is not tried again, unless something else is wanted
   */
  private record Refused(int wanted, String message, Instant at, Duration rest) {
    boolean holds(int now, Instant time) {
      return wanted == now && time.isBefore(at.plus(rest));
    }
  }

  /**
   * What became of one object.
   *
   * @param created there was none before
   * @param changed the cache does not have it as it is now, and what depends on it is not known yet
   * @param refusal what the API server said against it, null where it took it
   */
  public record Result(
      HasMetadata wanted, boolean created, boolean changed, @Nullable String refusal) {

    /** Of an object that the API server did not take. */
    static Result refused(HasMetadata wanted, @Nullable String refusal) {
      return new Result(wanted, false, false, refusal);
    }

    public String name() {
      return wanted.getKind() + " " + wanted.getMetadata().getName();
    }
  }

  public ObjectApplier(KubernetesClient client, Fanout fanout, InstantSource clock) {
    this.clock = clock;
    this.client = client;
    this.fanout = fanout;
  }

  /**
   * Applies those of the objects that there is a reason for.
   *
   * @param actual the object as a cache has it, by the wanted one
   * @return one for each object that was applied
   */
  public List<Result> apply(
      Collection<? extends HasMetadata> wanted,
      Function<HasMetadata, Optional<? extends HasMetadata>> actual) {
    List<? extends HasMetadata> due =
        wanted.stream().filter(object -> isDue(object, actual.apply(object).orElse(null))).toList();
    return due.isEmpty()
        ? List.of()
        : fanout.map(due, object -> apply(object, actual.apply(object).orElse(null)));
  }

  private boolean isDue(HasMetadata wanted, @Nullable HasMetadata actual) {
    Applied last = applied.get(key(wanted));
    return actual == null
        || last == null
        || last.wanted() != fingerprint(wanted)
        || !last.state().equals(state(actual));
  }

  private Result apply(HasMetadata wanted, @Nullable HasMetadata actual) {
    Refused before = refused.get(key(wanted));
    if (before != null && before.holds(fingerprint(wanted), clock.instant())) {
      return Result.refused(wanted, before.message());
    }
    try {
      HasMetadata now = send(wanted);
      String uid = now.getMetadata().getUid();
      Applied last = applied.put(key(wanted), new Applied(fingerprint(wanted), state(now), uid));
      boolean created = actual == null && (last == null || !last.uid().equals(uid));
      refused.remove(key(wanted));
      boolean changed = actual == null || !state(actual).equals(state(now));
      return new Result(wanted, created, changed, null);
    } catch (KubernetesClientException e) {
      if (ApiErrors.isUnanswered(e)) {
        throw e; // nothing is known of it: it is applied again at the next pass
      }
      Refused last = refused.get(key(wanted));
      Duration rest =
          last == null || last.wanted() != fingerprint(wanted)
              ? FIRST_REST
              : last.rest().multipliedBy(2);
      String message = ApiErrors.message(e);
      refused.put(
          key(wanted),
          new Refused(
              fingerprint(wanted),
              message,
              clock.instant(),
              rest.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest));
      return Result.refused(wanted, message);
    }
  }

  private HasMetadata send(HasMetadata wanted) {
    calls.acquireUninterruptibly();
    try {
      return client.resource(wanted).fieldManager(FIELD_MANAGER).forceConflicts().serverSideApply();
    } finally {
      calls.release();
    }
  }

  private static String key(HasMetadata object) {
    ObjectMeta meta = object.getMetadata();
    return object.getKind() + "/" + meta.getNamespace() + "/" + meta.getName();
  }

  private static int fingerprint(HasMetadata wanted) {
    return Serialization.asJson(wanted).hashCode();
  }

  /** Changes when anything but the status does; where there is no generation, with anything. */
  private static String state(HasMetadata object) {
    Long generation = object.getMetadata().getGeneration();
    return generation == null || generation == 0
        ? object.getMetadata().getUid() + "@" + object.getMetadata().getResourceVersion()
        : object.getMetadata().getUid() + "#" + generation;
  }
}
