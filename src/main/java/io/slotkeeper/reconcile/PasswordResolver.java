package io.slotkeeper.reconcile;

import io.slotkeeper.api.Redis;
import io.slotkeeper.api.StorageType;
import io.slotkeeper.kubernetes.OwnedObjects;
import io.slotkeeper.kubernetes.Passwords;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.reconcile.Stages.Stage;
import io.slotkeeper.resources.ResolvedSpec;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Optional;

/** Which password a Redis asks for, which one its servers accept, and which one they start with. */
final class PasswordResolver {
  private final Passwords passwords;
  private final PasswordsInUse inUse;

  PasswordResolver(Passwords passwords, PasswordsInUse inUse) {
    this.passwords = passwords;
    this.inUse = inUse;
  }

  /**
   * @param wished that of the Secret that the user reads or names; empty where authentication is
   *     off, or there is none
   * @param login what the operator logs in with
   * @param served what servers start with now; empty text for no password, empty where that is not
   *     known
   * @param taken a server accepted the login when it was last asked
   */
  record Found(
      Optional<String> wished, Optional<String> login, Optional<String> served, boolean taken) {

    /**
     * What servers are to start with; empty text for no password. While there are servers, it stays
     * what it is: one with another password could not replicate.
     *
     * @param servers there are some, or are about to be
     */
    String toStartWith(boolean servers) {
      return (servers ? served.or(() -> login) : wished).orElse("");
    }

    /**
     * What applications are to log in with: never what servers do not accept. While that is not
     * known, it stays what it is.
     *
     * @param servers there are some, or are about to be
     * @param bound what applications log in with now
     * @return empty where it cannot be told yet
     */
    Optional<String> toBindWith(boolean servers, Optional<String> bound) {
      if (!servers) {
        return wished;
      }
      return taken && login.isPresent()
          ? login
          : bound.or(() -> served.filter(text -> !text.isEmpty()));
    }

    @Override
    public String toString() {
      return "passwords";
    }
  }

  /**
   * @param problems gets what stands in the way
   */
  Found find(Redis redis, OwnedObjects owned, Stages.Run pass, List<Problem> problems) {
    Optional<String> served =
        pass.get(
            Stage.PASSWORD,
            () -> owned.serverSecret().flatMap(Passwords::served),
            Optional::<String>empty);
    Optional<String> wished =
        pass.get(Stage.PASSWORD, () -> wished(redis, owned, problems), () -> passwords.last(redis));
    boolean on = !redis.getSpec().auth().disabled();
    Optional<String> known = served.filter(text -> on && !text.isEmpty());
    Optional<String> login =
        pass.get(
            Stage.PASSWORD,
            () -> wished.map(secret -> login(redis, secret, known, owned, problems)),
            () -> wished);
    return new Found(
        wished, login.or(() -> known), served, inUse.taken(redis.getMetadata().getUid()));
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
      return Optional.of(passwords.generated(redis, owned.authSecret(), owned.serverSecret()));
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
              "spec.auth.secretRef names Secret %s, which does not exist or has no key password. Create it; if servers run already, with the password that they were started with."
                  .formatted(name)));
    }
    password
        .flatMap(text -> SentinelPassword.problem(redis.getSpec().mode(), name, text))
        .ifPresent(problems::add);
    return password.or(() -> passwords.last(redis));
  }

  /** The password that servers accept. A halt is carried out: it leads to the new one. */
  private String login(
      Redis redis,
      String wished,
      Optional<String> served,
      OwnedObjects owned,
      List<Problem> problems) {
    String uid = redis.getMetadata().getUid();
    String login =
        inUse.choose(
            uid, wished, served, owned.podObjects(), name -> passwords.inSecret(redis, name));
    if (inUse.differs(uid, wished) && !redis.getSpec().halted()) {
      problems.add(
          new Problem(
              Reason.PasswordDiffers,
              "The servers run with another password than Secret %s has, and are looked after with theirs. Put the former password back%s."
                  .formatted(
                      ResolvedSpec.authSecretOf(redis)
                          .map(ResolvedSpec.AuthSecretRef::name)
                          .orElse(""),
                      redis.getSpec().storageType() == StorageType.Durable
                          ? "; or set spec.halted to true, wait for phase Halted, and set it to false: servers start with the new one"
                          : "")));
    }
    return login;
  }
}
