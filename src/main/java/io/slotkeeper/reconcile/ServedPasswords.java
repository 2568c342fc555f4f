package io.slotkeeper.reconcile;

import io.slotkeeper.resources.ServerPasswords;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Which passwords the Secrets are to have. Pure: from what the Secrets say, and what servers have
 * taken.
 *
 * <p>A password that differs from the one that servers accept replaces it, and the former one is
 * kept beside it. Only when all servers have taken the new one is a generated one published, may it
 * change again, and does the former one go once its time is over.
 *
 * @param servers what the Secret of the servers is to have
 * @param published what the generated Secret is to have; empty where none is generated
 */
record ServedPasswords(ServerPasswords servers, Optional<String> published) {

  /**
   * What a decision depends on.
   *
   * @param stored what the Secret of the servers has; empty for none
   * @param wished that of the Secret that the user reads or names; empty where authentication is
   *     off, or there is none
   * @param generated the operator generates the password
   * @param running there are servers, or are about to be
   * @param login what servers were logged in to with; empty where that is not known
   * @param accepted a server accepted that when it was last asked
   * @param taken all servers accept and use the current one
   * @param rotation what the annotation says that asks for a new password; empty for nothing
   */
  record Situation(
      Optional<ServerPasswords> stored,
      Optional<String> wished,
      boolean generated,
      boolean running,
      Optional<String> login,
      boolean accepted,
      boolean taken,
      String rotation,
      Duration overlap,
      Instant now) {

    @Override
    public String toString() {
      return "passwords";
    }
  }

  /**
   * @param generator of a password that has never been used
   */
  static ServedPasswords decide(Situation now, Supplier<String> generator) {
    ServerPasswords servers = servers(now, generator);
    return new ServedPasswords(
        servers, now.generated() ? Optional.of(published(now, servers)) : Optional.empty());
  }

  private static ServerPasswords servers(Situation now, Supplier<String> generator) {
    if (now.stored().isEmpty()) {
      Optional<String> start = now.running() ? now.login() : now.wished();
      return ServerPasswords.of(start.orElse(""), now.rotation());
    }
    ServerPasswords has = now.stored().get();
    if (!now.running()) {
      return stopped(now, has);
    }
    if (has.current().isEmpty() || now.wished().isEmpty()) {
      return has; // authentication is switched while no server runs; or the Secret is missing
    }
    Optional<String> other = now.login().filter(text -> now.accepted() && !knows(has, text));
    if (other.isPresent()) {
      // Changed by others: servers do not know it. What they accept comes first.
      return ServerPasswords.of(other.get(), has.rotation());
    }
    return now.taken() || (has.previous().isEmpty() && now.accepted())
        ? advanced(now, has, now.wished().get(), generator)
        : has;
  }

  /** The next servers start with what is wished, and need no other. */
  private static ServerPasswords stopped(Situation now, ServerPasswords has) {
    String wished = now.wished().orElse("");
    return ServerPasswords.of(
        isUnpublished(now, has, wished) ? has.current() : wished, now.rotation());
  }

  private static ServerPasswords advanced(
      Situation now, ServerPasswords has, String wished, Supplier<String> generator) {
    if (!wished.equals(has.current()) && !isUnpublished(now, has, wished)) {
      return changed(now, has, wished, has.rotation());
    }
    if (now.generated() && !now.rotation().isEmpty() && !now.rotation().equals(has.rotation())) {
      return changed(now, has, generator.get(), now.rotation());
    }
    boolean over = has.until().map(until -> !now.now().isBefore(until)).orElse(true);
    return has.previous().isPresent() && over && now.taken() && wished.equals(has.current())
        ? new ServerPasswords(
            has.current(),
            Optional.empty(),
            Optional.empty(),
            has.rotation(),
            Optional.of(now.now()))
        : has;
  }

  private static ServerPasswords changed(
      Situation now, ServerPasswords has, String next, String rotation) {
    return new ServerPasswords(
        next,
        Optional.of(has.current()),
        Optional.of(now.now().plus(now.overlap())),
        rotation,
        Optional.of(now.now()));
  }

  /** Unless the user has written another one into the generated Secret. */
  private static String published(Situation now, ServerPasswords servers) {
    String wished = now.wished().orElse(servers.login());
    boolean everywhere = now.taken() || !now.running();
    return now.stored()
        .filter(has -> everywhere && isUnpublished(now, has, wished))
        .map(ServerPasswords::current)
        .filter(servers.current()::equals) // and not one of this very moment
        .orElse(wished);
  }

  /** Generated Secrets keep the former password until all servers have taken the new one. */
  private static boolean isUnpublished(Situation now, ServerPasswords has, String wished) {
    return now.generated() && has.previous().filter(wished::equals).isPresent();
  }

  /**
   * What applications are to log in with: never what servers do not accept. While that is not
   * known, it stays what it is.
   *
   * @param bound what they log in with now
   * @return empty where it cannot be told yet
   */
  Optional<String> forApplications(Situation now, Optional<String> bound) {
    if (!now.running()) {
      return text(servers.current());
    }
    if (now.taken()) {
      return now.stored().map(ServerPasswords::current);
    }
    if (!now.accepted() || now.login().isEmpty()) {
      return bound.or(() -> now.stored().flatMap(has -> text(has.login())));
    }
    boolean known = now.stored().filter(has -> knows(has, now.login().get())).isPresent();
    return bound.filter(text -> known && knows(now.stored().orElseThrow(), text)).or(now::login);
  }

  private static Optional<String> text(String password) {
    return Optional.of(password).filter(text -> !text.isEmpty());
  }

  private static boolean knows(ServerPasswords passwords, String text) {
    return passwords.current().equals(text)
        || passwords.previous().filter(text::equals).isPresent();
  }

  @Override
  public String toString() {
    return "passwords";
  }
}
