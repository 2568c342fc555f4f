package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.Secret;
import io.slotkeeper.redis.AclUser;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the Secret of the servers says of users: which ones servers start with, and so which ones of
 * a running server are ours. It has hashes of passwords only.
 *
 * @param users by username
 * @param removed usernames that servers may still have, and since when they are to be gone
 */
public record ServedUsers(SortedMap<String, Entry> users, SortedMap<String, Instant> removed) {
  public static final ServedUsers NONE = new ServedUsers(new TreeMap<>(), new TreeMap<>());

  private static final String COMMENT = "# RedisUser ";

  /**
   * A user.
   *
   * @param by the name of the RedisUser that asks for it
   */
  public record Entry(String by, AclUser user) {}

  public ServedUsers {
    users = Collections.unmodifiableSortedMap(new TreeMap<>(users));
    removed = Collections.unmodifiableSortedMap(new TreeMap<>(removed));
  }

  public boolean isEmpty() {
    return users.isEmpty() && removed.isEmpty();
  }

  /** As servers are to have them. */
  public Collection<AclUser> wanted() {
    return users.values().stream().map(Entry::user).toList();
  }

  /** What cannot be read of it is left out: only the operator writes it. */
  public static ServedUsers in(Secret servers) {
    SortedMap<String, Entry> users = new TreeMap<>();
    String by = "";
    for (String line : lines(servers, ServerSecret.USERS)) {
      if (line.startsWith(COMMENT)) {
        by = line.substring(COMMENT.length());
      } else {
        String asker = by;
        AclLine.parse(line).ifPresent(user -> users.put(user.name(), new Entry(asker, user)));
        by = "";
      }
    }
    SortedMap<String, Instant> removed = new TreeMap<>();
    for (String line : lines(servers, ServerSecret.REMOVED_USERS)) {
      String[] parts = line.split(" ", 2);
      if (parts.length == 2) {
        time(parts[0]).ifPresent(at -> removed.put(parts[1], at));
      }
    }
    return new ServedUsers(users, removed);
  }

  /** The data of the Secret; null for what it is not to have. */
  public Map<String, @Nullable String> data() {
    List<String> lines = new ArrayList<>();
    for (Entry entry : users.values()) {
      lines.add(COMMENT + entry.by());
      lines.add(AclLine.of(entry.user()));
    }
    List<String> gone = new ArrayList<>();
    removed.forEach((name, at) -> gone.add(at + " " + name));
    Map<String, @Nullable String> data = new HashMap<>();
    data.put(ServerSecret.USERS, base64(lines));
    data.put(ServerSecret.REMOVED_USERS, base64(gone));
    return data;
  }

  private static @Nullable String base64(List<String> lines) {
    return lines.isEmpty() ? null : AuthSecret.base64(String.join("\n", lines) + "\n");
  }

  private static List<String> lines(Secret secret, String key) {
    String data = secret.getData() == null ? null : secret.getData().get(key);
    try {
      return new String(
              Base64.getDecoder().decode(Objects.requireNonNullElse(data, "")),
              StandardCharsets.UTF_8)
          .lines()
          .toList();
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "users " + users.keySet();
  }
}
