package io.slotkeeper.reconcile;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.slotkeeper.api.RedisUser;
import io.slotkeeper.users.UserReport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What passes over Redises and over RedisUsers tell each other: the first alone talk to servers,
 * the others alone read and write the Secrets of users. All of it is found out again after a
 * restart.
 */
public final class UserExchange {
  private final Consumer<ResourceID> wakeRedis;

  /** By the uid of the RedisUser. */
  private final Map<String, String> hashes = new ConcurrentHashMap<>();

  private final Map<String, UserReport> reports = new ConcurrentHashMap<>();

  /** What applications need to connect to a Redis: the data of its binding. */
  private final Map<ResourceID, Map<String, String>> bindings = new ConcurrentHashMap<>();

  private volatile Consumer<ResourceID> wakeUser = _ -> {};

  /**
   * @param wakeRedis triggers a pass over a Redis
   */
  public UserExchange(Consumer<ResourceID> wakeRedis) {
    this.wakeRedis = wakeRedis;
  }

  /**
   * @param wakeUser triggers a pass over a RedisUser
   */
  void wakeUsers(Consumer<ResourceID> wakeUser) {
    this.wakeUser = wakeUser;
  }

  /**
   * The password of a user has become known.
   *
   * @param hash of it
   */
  void offer(String uid, ResourceID redis, String hash) {
    if (!hash.equals(hashes.put(uid, hash))) {
      wakeRedis.accept(redis);
    }
  }

  Optional<String> hash(String uid) {
    return Optional.ofNullable(hashes.get(uid));
  }

  /** What a pass knows of a user: another one once its spec or its password has changed. */
  String basis(RedisUser user) {
    return user.getMetadata().getGeneration() + "/" + hash(user.getMetadata().getUid());
  }

  /** What a pass over a Redis has found out about a user. */
  void report(String uid, ResourceID user, UserReport report) {
    if (!report.equals(reports.put(uid, report))) {
      wakeUser.accept(user);
    }
  }

  Optional<UserReport> reported(String uid) {
    return Optional.ofNullable(reports.get(uid));
  }

  /**
   * Where a Redis is.
   *
   * @param binding the data of its binding
   * @param users those to tell if that is news
   */
  void announce(ResourceID redis, Map<String, String> binding, List<RedisUser> users) {
    if (!binding.equals(bindings.put(redis, binding))) {
      users.forEach(user -> wakeUser.accept(ResourceID.fromResource(user)));
    }
  }

  Optional<Map<String, String>> binding(ResourceID redis) {
    return Optional.ofNullable(bindings.get(redis));
  }

  /** A Redis is gone. */
  void redisGone(ResourceID redis, List<RedisUser> users) {
    if (bindings.remove(redis) != null) {
      users.forEach(user -> {
        reports.remove(user.getMetadata().getUid());
        wakeUser.accept(ResourceID.fromResource(user));
      });
    }
  }

  /** A RedisUser is gone. */
  void userGone(String uid) {
    hashes.remove(uid);
    reports.remove(uid);
  }
}
