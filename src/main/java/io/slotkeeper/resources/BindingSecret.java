package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an application needs in order to connect, as the <a
 * href="https://servicebinding.io/spec/core/1.1.0/#provisioned-service">Service Binding
 * specification</a> wants it from a provisioned service. Its keys are those that Spring Cloud
 * Bindings reads for type {@code redis}. While servers run, values change and the set of keys does
 * not: an application has it mounted.
 *
 * <p>Servers are named by their Services, which stay while pods come and go: a client asks one
 * server or Sentinel for the others.
 *
 * <p>It goes with the Redis: it has nothing that is not elsewhere, too.
 */
public final class BindingSecret {

  /** The key of the password; absent where authentication is off. */
  public static final String PASSWORD = AuthSecret.PASSWORD;

  static final String TYPE = "servicebinding.io/redis";

  private BindingSecret() {}

  /**
   * @param password never to be logged, nor the result; empty for none
   * @param authorities in PEM, for clients to trust; empty where connections are not encrypted
   */
  public static Secret of(ResolvedSpec redis, String password, String authorities) {
    Map<String, String> data = new TreeMap<>(ClientUri.address(redis));
    if (!password.isEmpty()) {
      data.put("username", ClientUri.USER);
      data.put(PASSWORD, password);
    }
    // Spring Cloud Bindings reads no username and no uri: it takes both from the url.
    data.put("uri", ClientUri.of(redis, password));
    data.put("url", ClientUri.of(redis, password));
    if (!authorities.isEmpty()) {
      data.put(AuthSecret.AUTHORITIES, authorities);
      data.put("ssl", "true");
    }
    switch (redis.mode()) {
      case Cluster -> data.put("cluster.nodes", redis.host() + ":" + ClientUri.port(redis));
      case Standalone -> {} // the Service leads to the primary
      case Sentinel -> {
        data.put("sentinel.master", redis.masterName());
        data.put(
            "sentinel.nodes",
            "%s.%s.svc:%d"
                .formatted(
                    redis.names().sentinels(),
                    redis.namespace(),
                    Ports.sentinel(redis.tls().encrypts())));
      }
    }
    data.replaceAll((key, value) -> AuthSecret.base64(value));
    return new SecretBuilder()
        .withMetadata(Metadata.of(redis, redis.names().bindingSecret()))
        .withType(TYPE)
        .withData(data)
        .build();
  }
}
