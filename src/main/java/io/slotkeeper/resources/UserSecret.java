package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.slotkeeper.api.RedisUser;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an application needs in order to connect as a user: the {@link BindingSecret} of the Redis,
 * with the name and the password of that user. It goes with the RedisUser.
 */
public final class UserSecret {
  /** No Secret of a Redis ends like this. */
  private static final String SUFFIX = "-user";

  private UserSecret() {}

  public static String nameFor(RedisUser user) {
    return user.getMetadata().getName() + SUFFIX;
  }

  /**
   * @param redis the data of the binding of the Redis
   * @param password never to be logged, nor the result
   */
  public static Secret of(RedisUser user, Map<String, String> redis, String password) {
    String username = RedisUser.usernameOf(user);
    Map<String, String> data = new TreeMap<>(redis);
    data.put("username", AuthSecret.base64(username));
    data.put(AuthSecret.PASSWORD, AuthSecret.base64(password));
    for (String key : List.of("uri", "url")) {
      data.computeIfPresent(
          key, (_, uri) -> AuthSecret.base64(ClientUri.as(text(uri), username, password)));
    }
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(user.getMetadata().getNamespace())
        .withName(nameFor(user))
        .withLabels(Labels.of(user.getSpec().redisRef().name()))
        .withOwnerReferences(reference(user))
        .endMetadata()
        .withType(BindingSecret.TYPE)
        .withData(data)
        .build();
  }

  /** The operator made it for this very RedisUser. */
  public static boolean isOf(RedisUser user, Secret secret) {
    return BindingSecret.TYPE.equals(secret.getType())
        && secret.getMetadata().getOwnerReferences().stream()
            .anyMatch(owner ->
                Boolean.TRUE.equals(owner.getController())
                    && user.getMetadata().getUid().equals(owner.getUid()));
  }

  private static OwnerReference reference(RedisUser user) {
    return new OwnerReferenceBuilder()
        .withApiVersion(HasMetadata.getApiVersion(RedisUser.class))
        .withKind(HasMetadata.getKind(RedisUser.class))
        .withName(user.getMetadata().getName())
        .withUid(user.getMetadata().getUid())
        .withController(true)
        .build();
  }

  private static String text(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }
}
