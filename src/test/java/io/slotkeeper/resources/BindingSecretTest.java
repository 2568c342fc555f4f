package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BindingSecretTest {

  @Test
  void aClusterIsReachedThroughItsService() {
    assertThat(data("tutorial", "secret"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "type", "redis",
                "provider", "slotkeeper",
                "host", "redis-cluster.demo.svc",
                "port", "6379",
                "username", "default",
                "password", "secret",
                "uri", "redis://default:secret@redis-cluster.demo.svc:6379",
                "url", "redis://default:secret@redis-cluster.demo.svc:6379",
                "cluster.nodes", "redis-cluster.demo.svc:6379"));
  }

  @Test
  void sentinelsAreReachedThroughTheirs() {
    Secret secret = BindingSecret.of(Case.named("sentinel").blueprint(), "secret", "");
    String namespace = secret.getMetadata().getNamespace();

    assertThat(decoded(secret))
        .containsEntry("host", "primary." + namespace + ".svc")
        .containsEntry("sentinel.master", Case.named("sentinel").blueprint().masterName())
        .containsEntry("sentinel.nodes", "primary-sentinel." + namespace + ".svc:26379")
        .doesNotContainKey("cluster.nodes");
  }

  @Test
  void aStandaloneNeedsNoMoreThanItsService() {
    assertThat(data("standalone", "secret"))
        .containsOnlyKeys("type", "provider", "host", "port", "username", "password", "uri", "url");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"standalone-ephemeral-no-auth", "ephemeral-no-auth-one-shard", "sentinel"})
  void withoutAPasswordThereIsNoLogin(String name) {
    Map<String, String> data = data(name, "");

    assertThat(data).doesNotContainKeys("username", "password");
    assertThat(data.get("uri"))
        .isEqualTo("redis://" + data.get("host") + ":6379")
        .isEqualTo(data.get("url"));
  }

  /** An application has it mounted: only values may change while it runs. */
  @ParameterizedTest
  @ValueSource(strings = {"tutorial", "standalone", "sentinel"})
  void anotherPasswordIsInTheSameKeys(String name) {
    assertThat(data(name, "another").keySet()).isEqualTo(data(name, "secret").keySet());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "p@ss w\"ord'\\ $(id) #ü",
        ":/?#[]@!$&'()*+,;=%",
        "%41+ %2F",
        "日本語~-._",
        "a\nb\tc",
      })
  void anyPasswordIsReadFromTheUri(String password) {
    RedisURI uri = RedisURI.create(data("tutorial", password).get("uri"));

    assertThat(uri.getHost()).isEqualTo("redis-cluster.demo.svc");
    assertThat(uri.getPort()).isEqualTo(6379);
    RedisCredentials credentials =
        uri.getCredentialsProvider().resolveCredentials().toFuture().join();
    assertThat(credentials.getUsername()).isEqualTo("default");
    assertThat(new String(credentials.getPassword())).isEqualTo(password);
    assertThat(java.net.URI.create(data("tutorial", password).get("url")).getUserInfo())
        .as("as Spring Boot reads it")
        .isEqualTo("default:" + password);
  }

  /** Service Binding Specification 1.1: the type of the Secret, and the entries of a service. */
  @Test
  void itIsABindingOfTheSpecification() {
    Secret secret = BindingSecret.of(Case.named("tutorial").blueprint(), "secret", "");

    assertThat(secret.getMetadata().getName()).isEqualTo("redis-cluster-binding");
    assertThat(secret.getType()).isEqualTo("servicebinding.io/redis");
    assertThat(secret.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner -> assertThat(owner.getKind()).isEqualTo("Redis"));
  }

  private static Map<String, String> data(String name, String password) {
    return decoded(BindingSecret.of(Case.named(name).blueprint(), password, ""));
  }

  private static Map<String, String> decoded(Secret secret) {
    return secret.getData().entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                entry ->
                    new String(
                        Base64.getDecoder().decode(entry.getValue()), StandardCharsets.UTF_8)));
  }
}
