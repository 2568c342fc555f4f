package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.slotkeeper.api.LocalReference;
import io.slotkeeper.api.RedisUser;
import io.slotkeeper.kubernetes.ApiErrors;
import io.slotkeeper.kubernetes.UserApi;
import io.slotkeeper.resources.AuthSecret;
import io.slotkeeper.resources.PasswordGenerator;
import io.slotkeeper.resources.UserSecret;
import io.slotkeeper.users.UserReason;
import io.slotkeeper.users.UserStatuses.Obstacle;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The password of a user, and the Secret that applications connect with. */
final class UserSecrets {
  /** More than any password needs; servers get a hash of it. */
  private static final int MOST_BYTES = 32 * 1024;

  private final UserApi api;
  private final PasswordGenerator generator;

  UserSecrets(UserApi api, PasswordGenerator generator) {
    this.api = api;
    this.generator = generator;
  }

  /**
   * What was found and done.
   *
   * @param password empty where there is none that can be used
   * @param secret the name of the Secret for applications, if it is there
   * @param again it has changed meanwhile: to be looked at once more
   */
  record Found(
      Optional<String> password,
      Optional<String> secret,
      Optional<Obstacle> obstacle,
      boolean again) {

    @Override
    public String toString() {
      return "a password";
    }
  }

  private record Password(Optional<String> text, Optional<Obstacle> obstacle) {
    static Password of(String text) {
      return new Password(Optional.of(text), Optional.empty());
    }

    static Password none(UserReason reason, String message) {
      return new Password(Optional.empty(), Optional.of(new Obstacle(reason, message)));
    }

    @Override
    public String toString() {
      return "a password";
    }
  }

  /**
   * @param binding the data of the binding of the Redis
   */
  Found provide(RedisUser user, Map<String, String> binding) {
    String namespace = user.getMetadata().getNamespace();
    String name = UserSecret.nameFor(user);
    Optional<Secret> there = api.secret(namespace, name);
    Optional<Secret> own = there.filter(secret -> UserSecret.isOf(user, secret));
    LocalReference named = user.getSpec().secretRef();
    Password password = named == null ? generated(own) : brought(namespace, named.name());
    if (there.isPresent() && own.isEmpty()) {
      return new Found(
          named == null ? Optional.empty() : password.text(),
          Optional.empty(),
          Optional.of(
              new Obstacle(
                  UserReason.SecretNameTaken,
                  "Secret %s is not of this RedisUser: %s. It is left alone. Rename or delete it."
                      .formatted(name, UserApi.owner(there.get())))),
          false);
    }
    if (password.text().isEmpty()) {
      return new Found(Optional.empty(), own.map(_ -> name), password.obstacle(), false);
    }
    Secret wanted = UserSecret.of(user, binding, password.text().get());
    if (own.filter(secret -> wanted.getData().equals(secret.getData())).isPresent()) {
      return new Found(password.text(), Optional.of(name), Optional.empty(), false);
    }
    return written(name, password, wanted, own);
  }

  private Found written(String name, Password password, Secret wanted, Optional<Secret> own) {
    try {
      boolean done = api.provide(wanted, own);
      return done
          ? new Found(password.text(), Optional.of(name), Optional.empty(), false)
          : new Found(Optional.empty(), own.map(_ -> name), Optional.empty(), true);
    } catch (KubernetesClientException e) {
      if (ApiErrors.isUnanswered(e)) {
        throw e;
      }
      return new Found(
          Optional.empty(),
          own.map(_ -> name),
          Optional.of(
              new Obstacle(
                  UserReason.SecretRefused,
                  "The API server refuses Secret %s: %s".formatted(name, ApiErrors.message(e)))),
          true);
    }
  }

  /** What was written into it is the password from then on. */
  private Password generated(Optional<Secret> own) {
    return own.map(UserSecrets::read)
        .filter(found -> found.text().isPresent())
        .orElseGet(() -> Password.of(generator.generate()));
  }

  private Password brought(String namespace, String name) {
    return api.secret(namespace, name)
        .map(UserSecrets::read)
        .orElseGet(() ->
            Password.none(
                UserReason.SecretNotFound,
                "spec.secretRef names Secret %s, which does not exist. Create it with a key password."
                    .formatted(name)));
  }

  private static Password read(Secret secret) {
    String name = secret.getMetadata().getName();
    String data =
        secret.getData() == null
            ? ""
            : Objects.requireNonNullElse(secret.getData().get(AuthSecret.PASSWORD), "");
    if (data.isEmpty()) {
      return Password.none(
          UserReason.SecretNotFound,
          "Secret %s has no key password, or an empty one. Add it.".formatted(name));
    }
    byte[] bytes = Base64.getDecoder().decode(data);
    if (bytes.length > MOST_BYTES) {
      return Password.none(
          UserReason.PasswordUnusable,
          "The password in Secret %s has more than 32 KiB. Replace it.".formatted(name));
    }
    try {
      return Password.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Password.none(
          UserReason.PasswordUnusable,
          "The password in Secret %s is no text in UTF-8: clients would send it in different shapes. Replace it."
              .formatted(name));
    }
  }
}
