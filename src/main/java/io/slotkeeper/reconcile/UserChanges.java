package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.slotkeeper.api.RedisUser;
import io.slotkeeper.api.RedisUserSpec;
import io.slotkeeper.execute.Outcome;
import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.kubernetes.UserApi;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.redis.AclUser;
import io.slotkeeper.redis.UserCommands.Trial;
import io.slotkeeper.resources.InvalidConfigurationException;
import io.slotkeeper.resources.ServedUsers;
import io.slotkeeper.resources.UserRules;
import io.slotkeeper.users.LiveUsers;
import io.slotkeeper.users.UserWish;
import io.slotkeeper.users.WantedUsers;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Takes the servers of a Redis on to what its RedisUsers ask for. */
public final class UserChanges {
  private final Function<String, Optional<List<RedisUser>>> users;
  private final LiveUsers live;
  private final UserApi api;
  private final UserExchange exchange;
  private final InstantSource clock;

  /**
   * @param again something changed: the next pass can go on at once
   */
  public record Result(List<Outcome> outcomes, boolean again) {
    public static final Result NONE = new Result(List.of(), false);
  }

  /**
   * @param users all of a namespace; empty where the API server has no RedisUsers
   */
  public UserChanges(
      Function<String, Optional<List<RedisUser>>> users,
      LiveUsers live,
      UserApi api,
      UserExchange exchange,
      InstantSource clock) {
    this.users = users;
    this.live = live;
    this.api = api;
    this.exchange = exchange;
    this.clock = clock;
  }

  /** Forgets what is gone. */
  public void retain(Set<String> redisUids) {
    live.retain(redisUids);
  }

  /** What those that wait for it or for its servers show is not true any more. */
  void redisGone(ResourceID redis) {
    List<RedisUser> all = users.apply(namespace(redis)).orElse(List.of());
    exchange.redisGone(redis, of(redis.getName(), all));
  }

  private static String namespace(ResourceID redis) {
    return redis.getNamespace().orElse("");
  }

  /**
   * @param secret that of the servers; empty where there is none
   * @param wanted the objects of the Redis, of which its binding says where it is
   * @param written to be called when the Secret has changed
   */
  Result advance(
      RedisRef ref,
      ClusterView view,
      Optional<Secret> secret,
      List<HasMetadata> wanted,
      Runnable written) {
    Optional<List<RedisUser>> found = users.apply(ref.namespace());
    if (found.isEmpty()) {
      return Result.NONE; // that none asks for a user means nothing then
    }
    List<RedisUser> mine = of(ref.name(), found.get());
    binding(ref, wanted)
        .ifPresent(
            data -> exchange.announce(new ResourceID(ref.name(), ref.namespace()), data, mine));
    ServedUsers before = secret.map(ServedUsers::in).orElse(ServedUsers.NONE);
    if (secret.isEmpty() || (mine.isEmpty() && before.isEmpty())) {
      return Result.NONE;
    }
    List<UserWish> wishes = mine.stream().map(this::wish).toList();
    Map<List<String>, Trial> trials = live.tryOut(ref, view, rules(wishes, before));
    WantedUsers decided =
        WantedUsers.decide(
            new WantedUsers.Situation(
                wishes,
                unreadable(found.get()),
                before,
                trials,
                live.gone(ref.uid()),
                clock.instant()));
    if (!decided.served().equals(before)) {
      boolean done = api.writeUsers(secret.get(), decided.served());
      written.run();
      if (!done) {
        return new Result(List.of(), true); // it has changed since it was read
      }
    }
    LiveUsers.Result told = live.keep(ref, view, decided.served());
    for (RedisUser user : mine) {
      String uid = user.getMetadata().getUid();
      exchange.report(
          uid,
          ResourceID.fromResource(user),
          Objects.requireNonNull(decided.reports().get(uid))
              .withServers(
                  told.applied().getOrDefault(RedisUser.usernameOf(user), 0), told.servers()));
    }
    return new Result(told.outcomes(), told.moved());
  }

  /** Those of a Redis that can be read and are to stay. */
  private static List<RedisUser> of(String redis, List<RedisUser> all) {
    return all.stream()
        .filter(user -> user.getUnreadable() == null && user.getSpec() != null)
        .filter(user -> user.getMetadata().getDeletionTimestamp() == null)
        .filter(user -> user.getSpec().redisRef().name().equals(redis))
        .filter(user -> RedisUserSpec.isUsable(RedisUser.usernameOf(user)))
        .toList();
  }

  private static Set<String> unreadable(List<RedisUser> all) {
    return all.stream()
        .filter(user -> user.getUnreadable() != null || user.getSpec() == null)
        .filter(user -> user.getMetadata().getDeletionTimestamp() == null)
        .map(user -> user.getMetadata().getName())
        .collect(Collectors.toSet());
  }

  private UserWish wish(RedisUser user) {
    List<String> rules = new ArrayList<>();
    Optional<String> objection = Optional.empty();
    try {
      rules.addAll(UserRules.words(user.getSpec().rules()));
    } catch (InvalidConfigurationException e) {
      objection = Optional.of(String.valueOf(e.getMessage()));
    }
    return new UserWish(
        user.getMetadata().getName(),
        user.getMetadata().getUid(),
        Objects.requireNonNullElse(user.getMetadata().getCreationTimestamp(), ""),
        RedisUser.usernameOf(user),
        rules,
        objection,
        user.getSpec().suspended(),
        exchange.hash(user.getMetadata().getUid()),
        exchange.basis(user));
  }

  private static List<List<String>> rules(List<UserWish> wishes, ServedUsers before) {
    return Stream.concat(
            wishes.stream().filter(wish -> wish.objection().isEmpty()).map(UserWish::rules),
            before.wanted().stream().map(AclUser::rules))
        .distinct()
        .toList();
  }

  /** The data of the Secret for applications. */
  private static Optional<Map<String, String>> binding(RedisRef ref, List<HasMetadata> objects) {
    String name = ref.owner().names().bindingSecret();
    return objects.stream()
        .filter(object -> object.getMetadata().getName().equals(name))
        .filter(Secret.class::isInstance)
        .map(object -> ((Secret) object).getData())
        .findFirst();
  }
}
