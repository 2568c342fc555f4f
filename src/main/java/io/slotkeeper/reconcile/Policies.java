package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.api.model.Secret;
import io.slotkeeper.api.Redis;
import io.slotkeeper.kubernetes.ObjectApplier;
import io.slotkeeper.kubernetes.OwnedObjects;
import io.slotkeeper.kubernetes.Retention;
import io.slotkeeper.reconcile.Stages.Stage;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Writes the termination policy where a deletion finds it. */
final class Policies {
  private final Retention retention;
  private final StatusReporter reporter;

  Policies(Retention retention, StatusReporter reporter) {
    this.retention = retention;
    this.reporter = reporter;
  }

  /** Before and independent of all else: a deletion does not wait until the rest is as wanted. */
  List<ObjectApplier.Result> carryOut(Redis redis, OwnedObjects owned, Stages.Run pass) {
    if (redis.getUnreadable() != null) {
      return List.of(); // the policy may be what cannot be read: the one in force stays
    }
    var volumes =
        pass.find(
            Stage.VOLUME_OWNERS,
            () -> retention.prepare(redis, owned.ownClaims(), Optional.empty()));
    var secret =
        pass.find(
            Stage.SECRET_OWNER, () -> retention.prepare(redis, List.of(), owned.authSecret()));
    List<ObjectApplier.Result> results =
        Stream.of(volumes, secret).flatMap(Optional::stream).flatMap(List::stream).toList();
    if (volumes.isPresent()
        && secret.isPresent()
        && results.stream().allMatch(ObjectApplier.Result::succeeded)) {
      reporter.inForce(redis, redis.getSpec().terminationPolicy());
    }
    return results.stream()
        .filter(result -> !result.succeeded() || result.wanted() instanceof Secret)
        .toList();
  }
}
