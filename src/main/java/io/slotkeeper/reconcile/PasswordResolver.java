package io.slotkeeper.reconcile;

import io.slotkeeper.api.Redis;
import io.slotkeeper.kubernetes.OwnedObjects;
import io.slotkeeper.kubernetes.Passwords;
import io.slotkeeper.livesettings.LivePasswords;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.reconcile.Stages.Stage;
import io.slotkeeper.resources.ResolvedSpec;
import io.slotkeeper.resources.ServerPasswords;
import java.nio.charset.CharacterCodingException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Which password a Redis asks for, which one its servers accept, and which one they start with. */
final class PasswordResolver {
  /** Annotation of a Redis: another value asks for another generated password. */
  static final String ROTATE = "slotkeeper.io/rotate-password";

  private final Passwords passwords;
  private final PasswordsInUse inUse;
  private final LivePasswords live;
  private final InstantSource clock;

  PasswordResolver(
      Passwords passwords, PasswordsInUse inUse, LivePasswords live, InstantSource clock) {
    this.passwords = passwords;
    this.inUse = inUse;
    this.live = live;
    this.clock = clock;
  }

  /**
   * @param wished that of the Secret that the user reads or names; empty where authentication is
   *     off, or there is none
   * @param login what the operator logs in with
   * @param stored what servers start with now; empty where that is not known
   */
  record Found(Optional<String> wished, Optional<String> login, Optional<ServerPasswords> stored) {

    @Override
    public String toString() {
      return "passwords";
    }
  }

  /**
   * @param problems gets what stands in the way
   */
  Found find(Redis redis, OwnedObjects owned, Stages.Run pass, List<Problem> problems) {
    Optional<ServerPasswords> stored =
        pass.get(
            Stage.PASSWORD,
            () -> owned.serverSecret().flatMap(ServerPasswords::in),
            Optional::<ServerPasswords>empty);
    Optional<String> wished =
        pass.get(Stage.PASSWORD, () -> wished(redis, owned, problems), () -> passwords.last(redis));
    boolean on = !redis.getSpec().auth().disabled();
    Optional<String> known =
        stored.map(ServerPasswords::login).filter(text -> on && !text.isEmpty());
    Optional<String> login =
        pass.get(
            Stage.PASSWORD,
            () ->
                wished.map(secret ->
                    inUse.choose(
                        redis.getMetadata().getUid(),
                        secret,
                        known,
                        owned.podObjects(),
                        name -> passwords.inSecret(redis, name))),
            () -> wished);
    return new Found(wished, login.or(() -> known), stored);
  }

  /** What the Secrets are to have. */
  ServedPasswords decide(ServedPasswords.Situation situation) {
    return ServedPasswords.decide(situation, passwords::fresh);
  }

  ServedPasswords.Situation situation(Redis redis, OwnedObjects owned, Found found) {
    String uid = redis.getMetadata().getUid();
    return new ServedPasswords.Situation(
        found.stored(),
        found.wished(),
        ResolvedSpec.authSecretOf(redis).filter(ResolvedSpec.AuthSecretRef::generated).isPresent(),
        RunningState.hasServers(owned),
        found.login(),
        inUse.taken(uid),
        found.stored().filter(has -> live.isTaken(uid, has.current())).isPresent(),
        Optional.ofNullable(redis.getMetadata().getAnnotations())
            .map(annotations -> annotations.get(ROTATE))
            .orElse(""),
        redis.getSpec().auth().rotation().effectiveOverlap(),
        clock.instant());
  }

  /** Where the spec cannot be resolved: that of the Secret that pods start with. */
  Optional<String> ofRunning(Redis redis, OwnedObjects owned, Stages.Run pass) {
    Optional<String> secret = RunningState.authSecret(owned.shards());
    Optional<String> password =
        pass.get(
            Stage.PASSWORD,
            () -> secret.flatMap(name -> passwords.inForce(redis, name)),
            Optional::<String>empty);
    return password.or(() -> secret.flatMap(_ -> passwords.last(redis)));
  }

  private Optional<String> wished(Redis redis, OwnedObjects owned, List<Problem> problems) {
    if (redis.getSpec().auth().disabled()) {
      return Optional.empty();
    }
    if (redis.getSpec().auth().secretRef() == null) {
      Optional<String> generated =
          Optional.of(passwords.generated(redis, owned.authSecret(), owned.serverSecret()));
      return checked(redis, owned.names().authSecret(), generated, problems);
    }
    String name = redis.getSpec().auth().secretRef().name();
    Optional<String> password;
    try {
      password = passwords.referred(redis, name);
    } catch (CharacterCodingException e) {
      problems.add(
          new Problem(
              Reason.ConfigurationInvalid,
              "spec.auth.secretRef names Secret %s, whose key password is no text in UTF-8: no server would take it. Replace it."
                  .formatted(name)));
      return passwords.last(redis);
    }
    if (password.isEmpty()) {
      problems.add(
          new Problem(
              Reason.SecretNotFound,
              "spec.auth.secretRef names Secret %s, which does not exist or has no key password. Create it: servers that run take up its password."
                  .formatted(name)));
    }
    return checked(redis, name, password, problems).or(() -> passwords.last(redis));
  }

  private static Optional<String> checked(
      Redis redis, String secret, Optional<String> password, List<Problem> problems) {
    password
        .flatMap(text -> UnusablePassword.problem(redis.getSpec().mode(), secret, text))
        .ifPresent(problems::add);
    return password;
  }
}
