package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.slotkeeper.redis.AcceptedPasswords;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the Secret of the servers says about passwords. It alone remembers a change that is under
 * way. Never printed.
 *
 * @param current what servers accept and use; empty text where authentication is off
 * @param previous what they accept beside it
 * @param until when the previous one is removed at the earliest
 * @param rotation the last value of the annotation that asks for a new password; empty for none
 * @param changed when the passwords last changed
 */
public record ServerPasswords(
    String current,
    Optional<String> previous,
    Optional<Instant> until,
    String rotation,
    Optional<Instant> changed) {

  private static final String UNTIL = "slotkeeper.io/previous-password-until";
  private static final String ROTATION = "slotkeeper.io/rotated-password";
  private static final String CHANGED = "slotkeeper.io/password-changed";

  /** Without a change under way. */
  public static ServerPasswords of(String current, String rotation) {
    return new ServerPasswords(
        current, Optional.empty(), Optional.empty(), rotation, Optional.empty());
  }

  /** Empty where the Secret has no password, or one that is no text in UTF-8. */
  public static Optional<ServerPasswords> in(Secret servers) {
    Map<String, String> notes =
        Optional.ofNullable(servers.getMetadata()).map(ObjectMeta::getAnnotations).orElse(Map.of());
    return text(servers, ServerSecret.PASSWORD)
        .map(current ->
            new ServerPasswords(
                current,
                text(servers, ServerSecret.PREVIOUS).filter(text -> !text.isEmpty()),
                time(notes, UNTIL),
                notes.getOrDefault(ROTATION, ""),
                time(notes, CHANGED)));
  }

  /** What all servers accept, also those that do not know the new one yet. */
  public String login() {
    return previous.orElse(current);
  }

  /** Empty where authentication is off. */
  public Optional<AcceptedPasswords> accepted() {
    return current.isEmpty()
        ? Optional.empty()
        : Optional.of(new AcceptedPasswords(current, previous.orElse(null)));
  }

  Map<String, String> data() {
    Map<String, String> data = new HashMap<>(Map.of(ServerSecret.PASSWORD, base64(current)));
    previous.ifPresent(text -> data.put(ServerSecret.PREVIOUS, base64(text)));
    return data;
  }

  Map<String, String> annotations() {
    Map<String, String> notes = new HashMap<>();
    until.ifPresent(time -> notes.put(UNTIL, time.toString()));
    if (!rotation.isEmpty()) {
      notes.put(ROTATION, rotation);
    }
    changed.ifPresent(time -> notes.put(CHANGED, time.toString()));
    return notes;
  }

  private static Optional<String> text(Secret secret, String key) {
    try {
      String data = secret.getData() == null ? null : secret.getData().get(key);
      return data == null
          ? Optional.empty()
          : Optional.of(
              StandardCharsets.UTF_8
                  .newDecoder()
                  .decode(ByteBuffer.wrap(Base64.getDecoder().decode(data)))
                  .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<Instant> time(Map<String, String> notes, String key) {
    try {
      return Optional.ofNullable(notes.get(key)).map(Instant::parse);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "passwords";
  }
}
