package io.slotkeeper.operator;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.slotkeeper.api.Redis;
import io.slotkeeper.resources.AuthSecret;
import io.slotkeeper.resources.Names;
import io.slotkeeper.resources.PasswordGenerator;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The password of each Redis. It lives in a Secret; what is kept here is for seconds, so that a
 * busy resource does not ask for it dozens of times, and for the case that the Secret is deleted
 * under running servers, which go on with the password they started with.
 */
final class Passwords {
  private static final Duration KEPT = Duration.ofSeconds(5);

  private final KubernetesClient client;
  private final PasswordGenerator generator;
  private final InstantSource clock;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  private record Known(String password, Instant readAt) {
    @Override
    public String toString() {
      return "a password";
    }
  }

  Passwords(KubernetesClient client, PasswordGenerator generator, InstantSource clock) {
    this.client = client;
    this.generator = generator;
    this.clock = clock;
  }

  /**
   * The one in the generated Secret; a new one where there has never been any.
   *
   * @param watched the Secret as the watch has it: what was kept here must not outweigh it, or it
   *     would be written over what somebody has just put there
   */
  String generated(Redis redis, Optional<Secret> watched) {
    return watched
        .flatMap(Passwords::passwordIn)
        .map(password -> remember(redis, password))
        .or(() -> read(redis, new Names(redis.getMetadata().getName()).authSecret()))
        .orElseGet(() -> {
          Known last = known.get(uid(redis));
          return last == null
              ? remember(redis, generator.generate())
              : remember(redis, last.password());
        });
  }

  /**
   * The one in the Secret that the user named; empty where there is no such Secret or key.
   *
   * @throws CharacterCodingException if it is not in UTF-8: the bytes would reach servers and
   *     clients in different shapes
   */
  Optional<String> referred(Redis redis, String secret) throws CharacterCodingException {
    Known last = known.get(uid(redis));
    if (last != null && last.readAt().plus(KEPT).isAfter(clock.instant())) {
      return Optional.of(last.password());
    }
    Secret found = get(redis, secret);
    String data =
        found == null || found.getData() == null ? null : found.getData().get(AuthSecret.PASSWORD);
    if (data == null || data.isEmpty()) {
      return Optional.empty();
    }
    String password =
        StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(Base64.getDecoder().decode(data)))
            .toString();
    return Optional.of(remember(redis, password));
  }

  private @Nullable Secret get(Redis redis, String name) {
    return client.secrets().inNamespace(redis.getMetadata().getNamespace()).withName(name).get();
  }

  /** The one that servers started with, from the Secret that they name. */
  Optional<String> inForce(Redis redis, String secret) {
    return read(redis, secret);
  }

  /** The last one that was known, for servers that run while their Secret is missing. */
  Optional<String> last(Redis redis) {
    return Optional.ofNullable(known.get(uid(redis))).map(Known::password);
  }

  void retain(Set<String> uids) {
    known.keySet().retainAll(uids);
  }

  /** The one in a Secret of this name at this moment. */
  Optional<String> inSecret(Redis redis, String name) {
    return Optional.ofNullable(
            client.secrets().inNamespace(redis.getMetadata().getNamespace()).withName(name).get())
        .flatMap(Passwords::passwordIn);
  }

  private Optional<String> read(Redis redis, String name) {
    Known last = known.get(uid(redis));
    if (last != null && last.readAt().plus(KEPT).isAfter(clock.instant())) {
      return Optional.of(last.password());
    }
    return Optional.ofNullable(get(redis, name))
        .flatMap(Passwords::passwordIn)
        .map(password -> remember(redis, password));
  }

  private static Optional<String> passwordIn(Secret secret) {
    return Optional.ofNullable(secret.getData())
        .map(data -> data.get(AuthSecret.PASSWORD))
        .flatMap(Passwords::text)
        .filter(password -> !password.isEmpty());
  }

  /** Empty for bytes that are no text: a server could not be given them in its configuration. */
  private static Optional<String> text(String base64) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Base64.getDecoder().decode(base64)))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private String remember(Redis redis, String password) {
    known.put(uid(redis), new Known(password, clock.instant()));
    return password;
  }

  private static String uid(Redis redis) {
    return redis.getMetadata().getUid();
  }
}
