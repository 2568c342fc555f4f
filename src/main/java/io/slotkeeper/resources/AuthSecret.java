package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.slotkeeper.certificates.KeyMaterial;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The Secret that the operator creates where the user brings none: a kubernetes.io/basic-auth
 * Secret that is also a <a
 * href="https://servicebinding.io/spec/core/1.1.0/#provisioned-service">service binding</a>. It
 * goes with the Redis by termination policy WipeOut only: volumes that outlive the Redis need their
 * Secret.
 *
 * <p>So it mostly has no owner, and Argo CD would take an object without owner whose label {@code
 * app.kubernetes.io/instance} is the name of an application for one that was removed from git, and
 * prune it. It does not have that label, and is annotated to be neither pruned nor missed. Flux
 * only prunes what it has applied.
 */
public final class AuthSecret {

  /** The key of the password, in this Secret and in one that the user brings. */
  public static final String PASSWORD = "password";

  /** The key of whom clients trust: {@code ca.crt}, also in the Secret for applications. */
  static final String AUTHORITIES = KeyMaterial.AUTHORITIES;

  private static final Map<String, String> KEPT =
      new TreeMap<>(
          Map.of(
              "argocd.argoproj.io/sync-options", "Prune=false",
              "argocd.argoproj.io/compare-options", "IgnoreExtraneous"));

  static final String TYPE = "kubernetes.io/basic-auth";

  private AuthSecret() {}

  /**
   * @param password never to be logged, nor the result
   * @param authorities in PEM, for clients to trust; empty where connections are not encrypted
   */
  public static Secret of(ResolvedSpec redis, String password, String authorities) {
    Map<String, String> data = ClientUri.address(redis);
    data.put("username", ClientUri.USER);
    data.put(PASSWORD, password);
    data.put("uri", ClientUri.of(redis, password));
    if (!authorities.isEmpty()) {
      data.put(AUTHORITIES, authorities);
    }
    data.replaceAll((key, value) -> base64(value));
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(redis.namespace())
        .withName(redis.names().authSecret())
        .withLabels(labels(redis))
        .withAnnotations(KEPT)
        .withOwnerReferences(
            redis.terminationPolicy().deletesSecrets()
                ? List.of(redis.owner().reference())
                : List.of())
        .endMetadata()
        .withType(TYPE)
        .withData(data)
        .build();
  }

  private static Map<String, String> labels(ResolvedSpec redis) {
    Map<String, String> labels = new LinkedHashMap<>(Labels.of(redis.name()));
    labels.remove(Labels.INSTANCE);
    return labels;
  }

  static String base64(String value) {
    return Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
  }
}
