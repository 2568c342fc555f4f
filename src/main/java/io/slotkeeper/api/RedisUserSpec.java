package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a user of a Redis may do. */
@ApiObject
public record RedisUserSpec(
    @JsonPropertyDescription("The Redis whose servers know the user. Immutable.")
        @Required
        @ValidationRule(
            value = "self == oldSelf",
            message = "spec.redisRef cannot be changed: create another RedisUser")
        LocalReference redisRef,
    @JsonPropertyDescription(
            "The name to log in with; without it, that of this resource. Neither default nor slotkeeper-….")
        @Nullable
        @Size(min = 1, max = RedisUserSpec.LONGEST_NAME)
        @ValidationRule(
            value = "self.matches('^[!-~]+$')",
            message =
                "spec.username must consist of visible ASCII characters, without spaces: servers list users as words")
        @ValidationRule(
            value = "self != 'default' && !self.startsWith('slotkeeper-')",
            message =
                "spec.username is reserved: default has the password of the Redis, and slotkeeper-… are users of the operator")
        String username,
    @JsonPropertyDescription(
            "Rules in the ACL language of the servers, such as ~orders:*, +@read or (~stock:* +get). Neither passwords nor on, off, nopass, reset.")
        @Size(max = RedisUserSpec.MOST_RULES)
        List<String> rules,
    @JsonPropertyDescription(
            "A Secret with a key password; without it the operator generates a password.")
        @Nullable LocalReference secretRef,
    @JsonPropertyDescription(
            "True to keep the user out: logins are refused, and its sessions are cut.")
        @Default("false")
        boolean suspended) {

  static final int LONGEST_NAME = 128;
  static final int MOST_RULES = 100;
  private static final String NAME = "[!-~]+";

  public RedisUserSpec(
      LocalReference redisRef,
      @Nullable String username,
      @Nullable List<String> rules,
      @Nullable LocalReference secretRef,
      boolean suspended) {
    this.redisRef = Absent.required(redisRef, "redisRef");
    this.username = usable(Absent.toNull(username));
    this.rules = List.copyOf(Objects.requireNonNullElse(rules, List.of()));
    this.secretRef = secretRef;
    this.suspended = suspended;
  }

  /** default and the operator's own users are not for others, whatever the schema let in. */
  public static boolean isUsable(String username) {
    return username.length() <= LONGEST_NAME
        && username.matches(NAME)
        && !username.equals("default")
        && !username.startsWith("slotkeeper-");
  }

  private static @Nullable String usable(@Nullable String username) {
    if (username != null && !isUsable(username)) {
      throw new IllegalArgumentException("'" + username + "' is no username for others");
    }
    return username;
  }
}
