package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.slotkeeper.redis.AcceptedPasswords;
import io.slotkeeper.redis.AclUser;
import io.slotkeeper.resources.ServedUsers.Entry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServedUsersTest {
  private static final String HASH = AcceptedPasswords.hash("x");
  private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");

  private static ServedUsers users(AclUser... users) {
    TreeMap<String, Entry> entries = new TreeMap<>();
    for (AclUser user : users) {
      entries.put(user.name(), new Entry("of-" + entries.size(), user));
    }
    return new ServedUsers(entries, new TreeMap<>(Map.of("gone", THEN)));
  }

  private static Secret secret(ServedUsers users) {
    Map<String, String> data = new HashMap<>();
    users
        .data()
        .forEach((key, value) -> {
          if (value != null) {
            data.put(key, value);
          }
        });
    return new SecretBuilder().withData(data).build();
  }

  private static String text(ServedUsers users) {
    return new String(
        Base64.getDecoder().decode(Objects.requireNonNull(users.data().get("users.acl"))),
        StandardCharsets.UTF_8);
  }

  private static Secret withUsers(String text) {
    return new SecretBuilder()
        .addToData(
            "users.acl", Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)))
        .build();
  }

  @Test
  void areReadAsTheyWereWritten() {
    ServedUsers users =
        users(
            new AclUser("billing", HASH, true, List.of("~a:*", "(~b", "+get)")),
            new AclUser("a\"'\\b", HASH, false, List.of("~\"", "~\\x41", "~ü", "&'")),
            new AclUser("none", HASH, true, List.of()));

    assertThat(ServedUsers.in(secret(users))).isEqualTo(users);
  }

  /** Whatever a rule is, it stays one word of its line. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "~\" >x",
        "~\nuser evil on nopass",
        "~\r\n",
        "~\\",
        "~\"\"",
        "~\u0000",
        "~$(a)`b`"
      })
  void aRuleReachesNothingElse(String rule) {
    ServedUsers users = users(new AclUser("u", HASH, true, List.of(rule, "+get")));

    assertThat(text(users).lines()).hasSize(2);
    assertThat(ServedUsers.in(secret(users))).isEqualTo(users);
  }

  @Test
  void none() {
    assertThat(ServedUsers.NONE.data()).containsEntry("users.acl", null).hasSize(2);
    assertThat(ServedUsers.in(new SecretBuilder().build())).isEqualTo(ServedUsers.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user \"evil\" \"reset\" \"on\" \"nopass\" \"~*\"",
        "user \"evil\" \"on\" \"#HASH\"",
        "user \"evil\" \"reset\" \"on\" \"#123\"",
        "user evil reset on #HASH",
        "user \"evil\" \"reset\" \"on\" \"#HASH\" \"~*",
        "user \"evil\" \"reset\" \"on\" \"#HASH\" \"\\q\"",
        "user \"evil\" \"reset\" \"on\" \"#HASH\" \"~a\" x",
        "requirepass evil",
        "user",
        ""
      })
  void whatIsNotOursIsLeftOut(String line) {
    assertThat(
            ServedUsers.in(
                    withUsers(
                        line.replace("HASH", HASH)
                            + "\n# RedisUser r\nuser \"u\" \"reset\" \"on\" \"#"
                            + HASH
                            + "\"\n"))
                .users())
        .containsOnlyKeys("u");
  }

  @Test
  void noBase64IsNoUser() {
    Secret secret = new SecretBuilder().addToData("users.acl", "%%%").build();

    assertThat(ServedUsers.in(secret)).isEqualTo(ServedUsers.NONE);
  }
}
