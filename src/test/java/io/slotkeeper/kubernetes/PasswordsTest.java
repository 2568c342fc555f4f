package io.slotkeeper.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.slotkeeper.api.Redis;
import io.slotkeeper.resources.PasswordGenerator;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PasswordsTest {

  @Test
  void whatTheUserPutIntoTheGeneratedSecretIsNotReplacedByWhatWasKnown() {
    // Never asked: the watch has the Secret.
    try (KubernetesClient nobody =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(Config.empty()).withMasterUrl("http://127.0.0.1:1").build())
            .build()) {
      var passwords =
          new Passwords(nobody, new PasswordGenerator(), InstantSource.fixed(Instant.EPOCH));
      Redis redis = new Redis();
      redis.getMetadata().setUid("uid");

      assertThat(passwords.generated(redis, secret("first"), Optional.empty())).isEqualTo("first");
      assertThat(passwords.generated(redis, secret("second"), secret("first"))).isEqualTo("second");
      assertThat(passwords.last(redis)).contains("second");

      assertThat(
              new Passwords(nobody, new PasswordGenerator(), InstantSource.fixed(Instant.EPOCH))
                  .generated(redis, Optional.empty(), secret("of the servers")))
          .as("where it is gone, and the operator is new")
          .isEqualTo("of the servers");
    }
  }

  private static Optional<Secret> secret(String password) {
    return Optional.of(
        new SecretBuilder()
            .addToData(
                "password",
                Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8)))
            .build());
  }
}
