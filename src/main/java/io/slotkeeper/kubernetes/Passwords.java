package io.slotkeeper.kubernetes;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.slotkeeper.api.Redis;
import io.slotkeeper.resources.AuthSecret;
import io.slotkeeper.resources.Names;
import io.slotkeeper.resources.PasswordGenerator;
import io.slotkeeper.resources.ResolvedSpec;
import io.slotkeeper.resources.ServerPasswords;
import io.slotkeeper.resources.ServerSecret;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The password of each Redis. It lives in Secrets, which are read by their names. A Secret is kept
 * for seconds, so that a busy resource does not read it dozens of times. The password itself is
 * kept in case the Secret is deleted under running servers, which keep the one they started with.
 */
public final class Passwords {
  private final PasswordGenerator generator;
  private final SecretReads reads;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  private record Known(String password) {
    @Override
    public String toString() {
      return "a password";
    }
  }

  public Passwords(KubernetesClient client, PasswordGenerator generator, InstantSource clock) {
    this.generator = generator;
    reads =
        new SecretReads(
            client,
            clock,
            Set.of(
                AuthSecret.PASSWORD,
                ServerSecret.PREVIOUS,
                ServerSecret.USERS,
                ServerSecret.REMOVED_USERS));
  }

  /**
   * The Secrets that have the names of those that the operator makes: that of the servers, that of
   * the applications, and those that are not read where they are not wanted: the generated one, and
   * that of the exporter.
   */
  public List<Secret> secrets(Redis redis) {
    Optional<Secret> generated =
        Optional.ofNullable(redis.getSpec()) // absent where it cannot be read
            .flatMap(_ -> ResolvedSpec.authSecretOf(redis))
            .filter(ResolvedSpec.AuthSecretRef::generated)
            .flatMap(secret -> reads.read(redis, secret.name()));
    Names names = new Names(redis.getMetadata().getName());
    Optional<Secret> servers = reads.read(redis, names.serverSecret());
    Optional<Secret> applications = reads.read(redis, names.bindingSecret());
    Optional<Secret> exporter =
        Optional.ofNullable(redis.getSpec())
            .flatMap(spec -> spec.monitor().exported())
            .flatMap(_ -> reads.read(redis, names.exporter()));
    return Stream.of(generated, servers, applications, exporter).flatMap(Optional::stream).toList();
  }

  /** The cached Secrets are outdated. */
  public void reread(Redis redis) {
    reads.reread(redis);
  }

  /**
   * The one in the generated Secret; that of the servers where it is gone; a new one where there
   * has never been any.
   *
   * @param secret the generated Secret, as it was last read
   * @param servers that of the servers, likewise
   */
  public String generated(Redis redis, Optional<Secret> secret, Optional<Secret> servers) {
    return secret
        .flatMap(Passwords::passwordIn)
        .map(password -> remember(redis, password))
        .or(() -> last(redis))
        .or(() ->
            servers
                .flatMap(ServerPasswords::in)
                .map(ServerPasswords::login)
                .filter(text -> !text.isEmpty())
                .map(text -> remember(redis, text)))
        .orElseGet(() -> remember(redis, generator.generate()));
  }

  /**
   * The one in the Secret that the user named; empty where there is no such Secret or key.
   *
   * @throws CharacterCodingException if it is not in UTF-8: the bytes would reach servers and
   *     clients in different shapes
   */
  public Optional<String> referred(Redis redis, String secret) throws CharacterCodingException {
    String data =
        reads
            .read(redis, secret)
            .map(Secret::getData)
            .map(found -> found.get(AuthSecret.PASSWORD))
            .orElse("");
    if (data.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(remember(redis, decoded(data)));
  }

  /** One that running servers accept, from the Secret that they name. */
  public Optional<String> inForce(Redis redis, String secret) {
    return reads
        .read(redis, secret)
        .flatMap(ServerPasswords::in)
        .map(ServerPasswords::login)
        .filter(password -> !password.isEmpty())
        .map(password -> remember(redis, password));
  }

  /** One that has never been used. */
  public String fresh() {
    return generator.generate();
  }

  /** The last one that was known, for servers that run while their Secret is missing. */
  public Optional<String> last(Redis redis) {
    return Optional.ofNullable(known.get(uid(redis))).map(Known::password);
  }

  /** The one in the Secret for applications; empty where they need none. */
  static Optional<String> bound(Secret binding) {
    return passwordIn(binding);
  }

  public void retain(Set<String> uids) {
    reads.retain(uids);
    known.keySet().retainAll(uids);
  }

  /** The one in a Secret of this name at this moment. */
  public Optional<String> inSecret(Redis redis, String name) {
    return reads.now(redis, name).flatMap(Passwords::passwordIn);
  }

  private static Optional<String> passwordIn(Secret secret) {
    return Optional.ofNullable(secret.getData())
        .map(data -> data.get(AuthSecret.PASSWORD))
        .flatMap(Passwords::text)
        .filter(password -> !password.isEmpty());
  }

  /** Empty for bytes that are no text: a configuration cannot pass them to a server. */
  private static Optional<String> text(String base64) {
    try {
      return Optional.of(decoded(base64));
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static String decoded(String base64) throws CharacterCodingException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(Base64.getDecoder().decode(base64)))
        .toString();
  }

  private String remember(Redis redis, String password) {
    known.put(uid(redis), new Known(password));
    return password;
  }

  private static String uid(Redis redis) {
    return redis.getMetadata().getUid();
  }
}
