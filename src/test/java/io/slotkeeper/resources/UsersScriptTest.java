package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.redis.AcceptedPasswords;
import io.slotkeeper.redis.AclUser;
import io.slotkeeper.resources.ServedUsers.Entry;
import io.slotkeeper.testing.EachServerVersion;
import io.slotkeeper.testing.RedisServers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The start script adds users, and none that keeps the server from starting. */
@EachServerVersion
class UsersScriptTest {
  private static final String HASH = AcceptedPasswords.hash("x");

  private final String version;
  @TempDir Path root;

  UsersScriptTest(String version) {
    this.version = version;
  }

  /** What the server would start with. */
  private String start(AclUser... users) {
    Sandbox box =
        new Sandbox(root, "appendonly yes\n", Case.named("standalone").blueprint().withSize(1, 0));
    Path server = RedisServers.programs(version).resolve("server");
    box.program(
        "bin/redis-server",
        "[ \"$1\" = - ] || { echo \"server $*\"; exit; }\nexec '%s' \"$@\"\n".formatted(server));
    box.program(
        "bin/redis-cli", "echo 'Could not connect to Redis: Name or service not known' >&2\n");
    box.write("config/secrets/password", "");
    TreeMap<String, Entry> entries = new TreeMap<>();
    for (AclUser user : users) {
      entries.put(user.name(), new Entry("r", user));
    }
    String data =
        Objects.requireNonNull(
            new ServedUsers(entries, new TreeMap<>()).data().get(ServerSecret.USERS));
    box.write(
        "config/secrets/users.acl",
        new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8));
    String output =
        box.run("start.sh", Map.of("POD_IP", "10.0.0.1", "HOSTNAME", "single-shard0-0"));
    assertThat(output).contains("server ").doesNotContain(HASH);
    assertThat(box.path("run/try")).doesNotExist();
    return box.read("run/demo/single/redis.conf");
  }

  private static AclUser user(String name, String... rules) {
    return new AclUser(name, HASH, true, List.of(rules));
  }

  @Test
  void aServerStartsWithTheUsers() {
    assertThat(start(user("a", "~a*", "+@read"), user("b", "(~x", "+get)")))
        .contains("\nuser \"a\" \"reset\" \"on\" \"#" + HASH + "\" \"~a*\" \"+@read\"\n")
        .contains("\nuser \"b\" ");
  }

  @Test
  void aRuleOfAnotherVersionLeavesOneOut() {
    assertThat(start(user("a", "+@read"), user("b", "+@nix"), user("c", "+get"), user("d", "~+")))
        .contains("user \"a\"")
        .doesNotContain("user \"b\"")
        .contains("user \"c\"")
        .contains("user \"d\"");
  }

  /** Also where the words of the server do not show which line it is. */
  @Test
  void aBracketThatDoesNotCloseLeavesOneOut() {
    assertThat(start(user("a", "+@read"), user("b\"'", "+@nix"), user("c", "(~x")))
        .contains("appendonly yes")
        .doesNotContain("user \"c\"")
        .doesNotContain("nix");
  }

  @Test
  void manyUsersAreTriedAtOnce() {
    List<AclUser> users = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      users.add(user("user-" + i, "~app:" + i + ":*", "&app:" + i + ":*", "+@read", "+@write"));
    }
    assertThat(start(users.toArray(AclUser[]::new)).lines().filter(l -> l.startsWith("user ")))
        .hasSize(1000);
  }
}
