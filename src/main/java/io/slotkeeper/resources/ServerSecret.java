package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.ProjectedVolumeSource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.fabric8.kubernetes.api.model.SecretProjection;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What only a starting server may know. Pods mount this Secret, which only the operator writes, and
 * not the one that the user reads or names: so that one can change, or be another, without a change
 * of the pod template, and no server starts with a password that those which run do not take.
 *
 * <p>It goes with the Redis: by then no server runs.
 */
public final class ServerSecret {

  /** The key of the password, and its file. Empty where authentication is off, but never absent. */
  public static final String PASSWORD = AuthSecret.PASSWORD;

  /** The key of the former password, while servers accept it beside the other, and its file. */
  public static final String PREVIOUS = "previous-password";

  /** The key of the users that servers start with, and its file; absent where there are none. */
  public static final String USERS = "users.acl";

  /** The key of the usernames that servers may still have, and must not. */
  public static final String REMOVED_USERS = "removed-users";

  static final String TYPE = "slotkeeper.io/server";

  /** The volume in the pods. */
  static final String VOLUME = "secrets";

  /** Had the password in older pod templates. */
  private static final String VARIABLE = "REDISCLI_AUTH";

  private ServerSecret() {}

  /**
   * @param passwords never to be logged, nor the result
   */
  public static Secret of(ResolvedSpec redis, ServerPasswords passwords) {
    return new SecretBuilder()
        .withMetadata(Metadata.of(redis, redis.names().serverSecret()))
        .editMetadata()
        .addToAnnotations(passwords.annotations())
        .endMetadata()
        .withType(TYPE)
        .withData(passwords.data())
        .build();
  }

  /** It is of the kind that {@link #of} makes. */
  public static boolean is(HasMetadata object) {
    return object instanceof Secret secret && TYPE.equals(secret.getType());
  }

  /**
   * All that may ever be mounted is mentioned, so that it can come and go without a restart: each
   * key of the Secret, and the certificates of a Secret that need not exist.
   */
  static Volume volume(Names names) {
    return new VolumeBuilder()
        .withName(VOLUME)
        .withNewProjected()
        // For the group of the pod (fsGroup), which each of its containers belongs to.
        .withDefaultMode(0440)
        .addNewSource()
        .withNewSecret()
        .withName(names.serverSecret())
        .endSecret()
        .endSource()
        .addNewSource()
        .withNewSecret()
        .withName(names.tlsSecret())
        .withOptional(true)
        .addNewItem("tls.crt", null, "tls.crt")
        .addNewItem("tls.key", null, "tls.key")
        .addNewItem("ca.crt", null, "ca.crt")
        .endSecret()
        .endSource()
        .endProjected()
        .build();
  }

  /** The Secrets that a pod gets its password from: those of an older pod template, too. */
  public static List<String> namesIn(PodSpec pod) {
    return Stream.concat(mounted(pod), inEnvironment(pod)).distinct().toList();
  }

  private static Stream<String> mounted(PodSpec pod) {
    return pod.getVolumes().stream()
        .filter(volume -> VOLUME.equals(volume.getName()))
        .map(Volume::getProjected)
        .filter(Objects::nonNull)
        .map(ProjectedVolumeSource::getSources)
        .flatMap(Collection::stream)
        .flatMap(source -> Optional.ofNullable(source.getSecret()).stream())
        .filter(secret -> !Boolean.TRUE.equals(secret.getOptional()))
        .map(SecretProjection::getName);
  }

  private static Stream<String> inEnvironment(PodSpec pod) {
    return pod.getContainers().stream()
        .filter(container -> ServerContainer.NAME.equals(container.getName()))
        .map(Container::getEnv)
        .flatMap(Collection::stream)
        .filter(variable -> VARIABLE.equals(variable.getName()))
        .flatMap(variable ->
            Optional.ofNullable(variable.getValueFrom())
                .map(EnvVarSource::getSecretKeyRef)
                .map(SecretKeySelector::getName)
                .stream());
  }
}
