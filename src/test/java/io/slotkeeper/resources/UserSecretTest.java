package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.slotkeeper.api.LocalReference;
import io.slotkeeper.api.RedisUser;
import io.slotkeeper.api.RedisUserSpec;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserSecretTest {
  private static final String HOSTILE = "p@ss://w:ord?#%/\n";

  private static RedisUser user(String uid) {
    RedisUser user = new RedisUser();
    user.setMetadata(
        new ObjectMetaBuilder().withName("app").withNamespace("ns").withUid(uid).build());
    user.setSpec(
        new RedisUserSpec(new LocalReference("orders"), "b@d/user", List.of(), null, false));
    return user;
  }

  private static String text(Secret secret, String key) {
    return new String(
        Base64.getDecoder().decode(secret.getData().get(key)), StandardCharsets.UTF_8);
  }

  /** The set of keys is that of the binding, with a login where that has none. */
  @ParameterizedTest
  @ValueSource(strings = {"", "of-default@/:"})
  void itIsTheBindingOfTheRedisForAnotherLogin(String password) {
    Secret binding = BindingSecret.of(Case.named("standalone").blueprint(), password, "");
    Secret secret = UserSecret.of(user("1"), binding.getData(), HOSTILE);

    assertThat(secret.getMetadata().getName()).isEqualTo("app-user");
    assertThat(secret.getType()).isEqualTo(binding.getType());
    assertThat(secret.getData().keySet()).containsAll(binding.getData().keySet());
    assertThat(text(secret, "username")).isEqualTo("b@d/user");
    assertThat(text(secret, "password")).isEqualTo(HOSTILE);
    assertThat(text(secret, "host")).isEqualTo(text(binding, "host"));
    URI uri = URI.create(text(secret, "uri"));
    assertThat(uri.getUserInfo()).isEqualTo("b@d/user:" + HOSTILE);
    assertThat(uri.getHost()).isEqualTo(text(binding, "host"));
    assertThat(text(secret, "url")).isEqualTo(text(secret, "uri"));
  }

  @Test
  void itIsThatOfOneRedisUser() {
    Secret secret = UserSecret.of(user("1"), Map.of(), "x");

    assertThat(UserSecret.isOf(user("1"), secret)).isTrue();
    assertThat(UserSecret.isOf(user("2"), secret)).isFalse();
    secret.setType("Opaque");
    assertThat(UserSecret.isOf(user("1"), secret)).isFalse();
    secret.setType(BindingSecret.TYPE);
    secret.getMetadata().setOwnerReferences(List.of());
    assertThat(UserSecret.isOf(user("1"), secret)).isFalse();
  }
}
