package io.slotkeeper.reconcile;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.slotkeeper.api.RedisUser;
import io.slotkeeper.api.RedisUserStatus;
import io.slotkeeper.kubernetes.ObjectApplier;
import io.slotkeeper.kubernetes.UserApi;
import io.slotkeeper.redis.AcceptedPasswords;
import io.slotkeeper.resources.PasswordGenerator;
import io.slotkeeper.users.UserReason;
import io.slotkeeper.users.UserReport;
import io.slotkeeper.users.UserStatuses;
import io.slotkeeper.users.UserStatuses.Obstacle;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads the password of each RedisUser, and writes its status and the Secret that applications
 * connect with. It talks to no server: the pass over the Redis does, which it tells of the password
 * and hears from ({@link UserExchange}).
 */
@ControllerConfiguration(
    name = "redisuser",
    fieldManager = ObjectApplier.FIELD_MANAGER,
    triggerReconcilerOnAllEvents = true)
public // also events of one that is being deleted
final class RedisUserReconciler implements Reconciler<RedisUser> {
  /** After something has changed in between. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private final SimpleInboundEventSource<RedisUser> wakeUps =
      new SimpleInboundEventSource<>("wake-ups");

  private final UserApi api;
  private final UserSecrets secrets;
  private final UserExchange exchange;
  private final Predicate<ResourceID> redises;
  private final Duration resync;
  private final InstantSource clock;

  /**
   * @param redises whether there is such a Redis
   * @param resync how often Secrets are read again
   */
  public RedisUserReconciler(
      UserApi api,
      PasswordGenerator generator,
      UserExchange exchange,
      Predicate<ResourceID> redises,
      Duration resync,
      InstantSource clock) {
    this.api = api;
    secrets = new UserSecrets(api, generator);
    this.exchange = exchange;
    this.redises = redises;
    this.resync = resync;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, RedisUser>> prepareEventSources(
      EventSourceContext<RedisUser> context) {
    exchange.wakeUsers(wakeUps::propagateEvent);
    return List.of(wakeUps);
  }

  @Override
  public UpdateControl<RedisUser> reconcile(RedisUser user, Context<RedisUser> context) {
    if (context.isPrimaryResourceDeleted()) {
      exchange.userGone(user.getMetadata().getUid());
      return UpdateControl.noUpdate();
    }
    if (user.isMarkedForDeletion()) { // its Secret goes with it
      return UpdateControl.noUpdate();
    }
    Duration rest = resync;
    RedisUserStatus after;
    String unreadable = user.getUnreadable();
    if (unreadable != null || user.getSpec() == null) {
      after = UserStatuses.unreadable(user, String.valueOf(unreadable), clock.instant());
    } else {
      UserSecrets.Found found = provide(user);
      rest = found.again() ? SOON : resync;
      after = UserStatuses.of(user, known(user, found), clock.instant());
    }
    if (!after.equals(user.getStatus())) {
      api.writeStatus(user, after);
    }
    return UpdateControl.<RedisUser>noUpdate().rescheduleAfter(rest);
  }

  private static ResourceID redis(RedisUser user) {
    return new ResourceID(user.getSpec().redisRef().name(), user.getMetadata().getNamespace());
  }

  /** The Secret, with its password made known to the servers after it is written. */
  private UserSecrets.Found provide(RedisUser user) {
    Optional<Map<String, String>> binding = exchange.binding(redis(user));
    if (binding.isEmpty()) {
      RedisUserStatus before = user.getStatus();
      return new UserSecrets.Found(
          Optional.empty(),
          before == null || before.binding() == null
              ? Optional.empty()
              : Optional.ofNullable(before.binding().name()),
          Optional.of(withoutBinding(user)),
          false);
    }
    UserSecrets.Found found = secrets.provide(user, binding.get());
    found
        .password()
        .ifPresent(text ->
            exchange.offer(user.getMetadata().getUid(), redis(user), AcceptedPasswords.hash(text)));
    return found;
  }

  private Obstacle withoutBinding(RedisUser user) {
    String name = user.getSpec().redisRef().name();
    return redises.test(redis(user))
        ? new Obstacle(
            UserReason.RedisNotReady,
            "Redis %s has no binding yet: see its status.".formatted(name))
        : new Obstacle(
            UserReason.RedisNotFound,
            "spec.redisRef names Redis %s, which does not exist in this namespace. The user is made once it does."
                .formatted(name));
  }

  private UserStatuses.Known known(RedisUser user, UserSecrets.Found found) {
    Optional<UserReport> report = exchange.reported(user.getMetadata().getUid());
    Optional<Obstacle> late =
        report.filter(seen -> !seen.basis().equals(exchange.basis(user))).isPresent()
            ? Optional.of(
                new Obstacle(
                    UserReason.Applying, "What has changed is about to reach the servers."))
            : Optional.empty();
    return new UserStatuses.Known(found.obstacle().or(() -> late), report, found.secret());
  }
}
