package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.api.model.Pod;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.ServerAnswer;
import io.slotkeeper.resources.ServerSecret;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The password that the servers of each Redis accept: that of their Secret. The operator tries the
 * others that it knows of when no server accepts it.
 */
public final class PasswordsInUse {
  private final Map<String, Login> logins = new ConcurrentHashMap<>();

  /**
   * @param served what the Secret of the servers had; another one is tried at once
   * @param taken a server accepted it
   * @param refused servers answered in the last pass, and none accepted it
   */
  private record Login(String password, Optional<String> served, boolean taken, boolean refused) {
    @Override
    public String toString() {
      return "a login";
    }
  }

  /** Passwords of Secrets by name; looked up only where servers do not accept the wished one. */
  @FunctionalInterface
  interface Secrets {
    Optional<String> password(String name);
  }

  /**
   * The password to log in with.
   *
   * @param wished what the Redis asks for
   * @param served what servers start with, if that is known already
   */
  String choose(
      String uid, String wished, Optional<String> served, Collection<Pod> pods, Secrets secrets) {
    if (pods.isEmpty()) {
      logins.remove(uid); // servers start with what is wished
      return wished;
    }
    String likely = served.orElse(wished);
    Login last = logins.computeIfAbsent(uid, _ -> new Login(likely, served, false, false));
    Optional<String> basis = served.or(last::served);
    if (!basis.equals(last.served())) {
      logins.put(uid, new Login(likely, basis, false, false));
      return likely;
    }
    if (last.taken() && !last.refused()) {
      return last.password();
    }
    if (!last.refused()) {
      // No server has accepted or refused it yet.
      logins.put(uid, new Login(likely, basis, false, false));
      return likely;
    }
    Set<String> candidates = new LinkedHashSet<>(List.of(likely, wished));
    secretNames(pods).forEach(name -> secrets.password(name).ifPresent(candidates::add));
    candidates.add(last.password());
    List<String> inTurn = List.copyOf(candidates);
    String next = inTurn.get((inTurn.indexOf(last.password()) + 1) % inTurn.size());
    logins.put(uid, new Login(next, basis, false, false));
    return next;
  }

  /** How the servers responded to the password. */
  void observe(String uid, ClusterView view) {
    boolean taken = view.members().stream().anyMatch(member -> member.snapshot().isPresent());
    boolean denied =
        view.members().stream()
            .anyMatch(member ->
                member.answer() instanceof ServerAnswer.Failed unseen
                    && unseen.kind().isAboutPassword());
    logins.computeIfPresent(
        uid,
        (_, login) ->
            taken
                ? new Login(login.password(), login.served(), true, false)
                : new Login(login.password(), login.served(), login.taken(), denied));
  }

  /** A server accepted the present one when it was last asked. */
  boolean taken(String uid) {
    Login login = logins.get(uid);
    return login != null && login.taken() && !login.refused();
  }

  public void retain(Set<String> uids) {
    logins.keySet().retainAll(uids);
  }

  /** The Secrets that pods got their password from. */
  private static Set<String> secretNames(Collection<Pod> pods) {
    return pods.stream()
        .flatMap(pod -> ServerSecret.namesIn(pod.getSpec()).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
