package io.slotkeeper.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.redis.Fanout;
import io.slotkeeper.resources.Owner;
import java.net.HttpURLConnection;
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
 * Makes objects as they should be, and only when there is a reason: the wanted object has changed,
 * or the actual one has changed since it was last applied. Whether a change of the object matters
 * is left to the API server, where an apply without effect is no write. So nothing has to be
 * compared here, and a quiet resource causes no call.
 *
 * <p>An existing object is only applied to if it belongs to the Redis ({@link Owner}): an object
 * that is in no cache is created, and the API server refuses that where the name is taken; any
 * other is applied to by its uid, so an object that takes its name in between is not touched.
 */
public final class ObjectApplier {
  public static final String FIELD_MANAGER = "slotkeeper";

  /** Some hundred bytes each; one that is forgotten costs an apply without effect. */
  private static final int REMEMBERED = 20_000;

  /** This many at once, however many objects there are: a restart of the operator applies all. */
  private static final int CALLS = 32;

  private static final Duration FIRST_REST = Duration.ofSeconds(1);
  private static final Duration LONGEST_REST = Duration.ofSeconds(30);

  private final ObjectApi objects;
  private final Fanout fanout;
  private final InstantSource clock;
  private final Map<String, Applied> applied = RecentEntries.map(REMEMBERED);
  private final Map<String, Refused> refused = RecentEntries.map(REMEMBERED);
  private final Semaphore calls = new Semaphore(CALLS);

  /** What was last applied, and the state it left the object in. */
  private record Applied(int wanted, String state) {}

  /** What became of one object. */
  public enum Effect {
    CREATED,
    APPLIED,
    /** The API server refused it. */
    REFUSED,
    /** There is one of that name, and it belongs to something else. */
    NAME_TAKEN,
    /** It belongs to a deleted Redis of this name, and is about to be removed. */
    LEAVING,
    /** It changed meanwhile: the next pass tries again. */
    CONFLICT,
    /** It waits until others exist. */
    WITHHELD
  }

  /**
   * The API server did not accept it. A quota or a webhook that refuses one object refuses it in
   * the next pass, too.
   *
   * @param rest how long it is not tried again, unless the wanted object changes
   */
  private record Refused(int wanted, String message, Instant at, Duration rest) {
    boolean holds(int now, Instant time) {
      return wanted == now && time.isBefore(at.plus(rest));
    }
  }

  /**
   * What became of one object.
   *
   * @param changed the cache does not have it as it is now, so what depends on it is still unknown
   * @param message why it is not as wanted; null where it is
   */
  public record Result(
      HasMetadata wanted, Effect effect, boolean changed, @Nullable String message) {

    public Result(HasMetadata wanted, Effect effect, @Nullable String message) {
      this(wanted, effect, false, message);
    }

    public String name() {
      return wanted.getKind() + " " + wanted.getMetadata().getName();
    }

    /** There was none before. */
    public boolean created() {
      return effect == Effect.CREATED;
    }

    public boolean succeeded() {
      return effect == Effect.CREATED || effect == Effect.APPLIED;
    }

    /** The API server's objection; null where it accepted the object, or was not asked. */
    public @Nullable String refusal() {
      return effect == Effect.REFUSED ? message : null;
    }
  }

  public ObjectApplier(KubernetesClient client, Fanout fanout, InstantSource clock) {
    this(new LiveObjectApi(client), fanout, clock);
  }

  public ObjectApplier(ObjectApi objects, Fanout fanout, InstantSource clock) {
    this.clock = clock;
    this.objects = objects;
    this.fanout = fanout;
  }

  /**
   * Applies those of the objects that there is a reason for.
   *
   * @param actual the object as a cache has it, by the wanted one
   * @return one for each object that there was a reason for
   */
  public List<Result> apply(
      Owner owner,
      Collection<? extends HasMetadata> wanted,
      Function<HasMetadata, Optional<? extends HasMetadata>> actual) {
    List<? extends HasMetadata> due =
        wanted.stream().filter(object -> isDue(object, actual.apply(object).orElse(null))).toList();
    return due.isEmpty()
        ? List.of()
        : fanout.map(due, object -> apply(owner, object, actual.apply(object).orElse(null)));
  }

  private boolean isDue(HasMetadata wanted, @Nullable HasMetadata actual) {
    Applied last = applied.get(key(wanted));
    return actual == null
        || last == null
        || last.wanted() != fingerprint(wanted)
        || !last.state().equals(state(actual));
  }

  private Result apply(Owner owner, HasMetadata wanted, @Nullable HasMetadata cached) {
    Refused before = refused.get(key(wanted));
    if (before != null && before.holds(fingerprint(wanted), clock.instant())) {
      return new Result(wanted, Effect.REFUSED, before.message());
    }
    calls.acquireUninterruptibly();
    try {
      HasMetadata actual = cached;
      if (actual == null) {
        Optional<HasMetadata> created = create(wanted);
        if (created.isPresent()) {
          return done(wanted, null, created.get(), Effect.CREATED);
        }
        actual = objects.get(wanted).orElse(null);
        if (actual == null) {
          return new Result(wanted, Effect.CONFLICT, "it has just been deleted");
        }
      }
      return over(owner, wanted, actual);
    } catch (KubernetesClientException e) {
      if (ApiErrors.isUnanswered(e)) {
        throw e; // the outcome is unknown: it is applied again in the next pass
      }
      String message = ApiErrors.message(e);
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return new Result(wanted, Effect.CONFLICT, message);
      }
      refused.put(key(wanted), refused(wanted, message));
      return new Result(wanted, Effect.REFUSED, message);
    } finally {
      calls.release();
    }
  }

  /** Each refusal of the same wanted object doubles the time until it is sent again. */
  private Refused refused(HasMetadata wanted, String message) {
    int now = fingerprint(wanted);
    Refused last = refused.get(key(wanted));
    Duration rest = last == null || last.wanted() != now ? FIRST_REST : last.rest().multipliedBy(2);
    return new Refused(
        now, message, clock.instant(), rest.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest);
  }

  /** Empty where there is one of that name. */
  private Optional<HasMetadata> create(HasMetadata wanted) {
    try {
      return Optional.of(objects.create(wanted));
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Result over(Owner owner, HasMetadata wanted, HasMetadata actual) {
    return switch (owner.ownership(actual)) {
      case OWNED -> applied(wanted, actual);
      case UNOWNED ->
          objects.isStaying(wanted.getMetadata().getNamespace(), owner)
              ? applied(wanted, actual)
              : new Result(wanted, Effect.CONFLICT, "the Redis is being deleted");
      case FORMER ->
          new Result(
              wanted, Effect.LEAVING, "it belongs to the Redis of this name that was deleted");
      case FOREIGN -> new Result(wanted, Effect.NAME_TAKEN, owner.describe(actual));
    };
  }

  private Result applied(HasMetadata wanted, HasMetadata actual) {
    return done(wanted, actual, objects.apply(identified(wanted, actual)), Effect.APPLIED);
  }

  /** Applies to this very object; a Secret only as it was read, because others write it, too. */
  private static HasMetadata identified(HasMetadata wanted, HasMetadata actual) {
    HasMetadata copy = Serialization.clone(wanted);
    copy.getMetadata().setUid(actual.getMetadata().getUid());
    if (actual instanceof Secret) {
      copy.getMetadata().setResourceVersion(actual.getMetadata().getResourceVersion());
    }
    return copy;
  }

  private Result done(
      HasMetadata wanted, @Nullable HasMetadata before, HasMetadata now, Effect effect) {
    applied.put(key(wanted), new Applied(fingerprint(wanted), state(now)));
    refused.remove(key(wanted));
    boolean changed = before == null || !state(before).equals(state(now));
    return new Result(wanted, effect, changed, null);
  }

  private static String key(HasMetadata object) {
    ObjectMeta meta = object.getMetadata();
    return object.getKind() + "/" + meta.getNamespace() + "/" + meta.getName();
  }

  private static int fingerprint(HasMetadata wanted) {
    return Serialization.asJson(wanted).hashCode();
  }

  /** Changes when anything except the status does; where there is no generation, with anything. */
  private static String state(HasMetadata object) {
    Long generation = object.getMetadata().getGeneration();
    return generation == null || generation == 0
        ? object.getMetadata().getUid() + "@" + object.getMetadata().getResourceVersion()
        : object.getMetadata().getUid() + "#" + generation;
  }
}
