package io.slotkeeper.app;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.slotkeeper.operatorsettings.OperatorSettings;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Only one of the operator's replicas acts: the one that holds the Lease. A replica that loses it
 * stops at once, by ending the process: an action under way could collide with one of the new
 * leader's. A replica that shuts down gives it back, so that the next one need not wait for it to
 * expire.
 */
final class Leadership {
  private static final Logger log = LoggerFactory.getLogger(Leadership.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final OperatorSettings settings;
  private final Supplier<KubernetesClient> clients;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final AtomicBoolean elected = new AtomicBoolean();

  /**
   * @param clients opens a client, to be closed: the Lease is given back when the operator's own is
   *     closed already
   */
  Leadership(OperatorSettings settings, Supplier<KubernetesClient> clients) {
    this.settings = settings;
    this.clients = clients;
  }

  Optional<LeaderElectionConfiguration> configuration() {
    if (!settings.leaderElection()) {
      return Optional.empty();
    }
    return Optional.of(
        LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(settings.leaseName())
            .withLeaseNamespace(settings.leaseNamespace())
            .withIdentity(settings.identity())
            .withLeaseDuration(settings.leaseDuration())
            .withRenewDeadline(settings.leaseDuration().multipliedBy(7).dividedBy(10))
            .withRetryPeriod(RETRY)
            .withExitOnStopLeading(false)
            .withLeaderCallbacks(
                new LeaderCallbacks(
                    this::won, this::lost, leader -> log.info("leader: {}", leader)))
            .build());
  }

  private void won() {
    elected.set(true);
    log.info("leading");
  }

  /** Whether this replica acts. Without a Lease, it is the only one. */
  boolean leads() {
    return !settings.leaderElection() || (elected.get() && !closing.get());
  }

  private void lost() {
    if (!closing.get()) {
      log.error("the lease is lost; ending, so that only the new leader acts");
      Runtime.getRuntime().halt(1);
    }
  }

  /** From now on, losing the lease is intended. */
  void closing() {
    closing.set(true);
  }

  /** Gives the lease back, if it is ours. */
  void release() {
    if (!settings.leaderElection()) {
      return;
    }
    try (KubernetesClient client = clients.get()) {
      LeaseLock lock =
          new LeaseLock(settings.leaseNamespace(), settings.leaseName(), settings.identity());
      LeaderElectionRecord held = lock.get(client);
      if (held != null && settings.identity().equals(held.getHolderIdentity())) {
        ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
        lock.update(
            client,
            new LeaderElectionRecord(
                null, Duration.ofSeconds(1), now, now, held.getLeaderTransitions()));
        log.info("lease given back");
      }
    } catch (KubernetesClientException e) {
      log.warn("the lease could not be given back; it runs out by itself: {}", e.getMessage());
    }
  }
}
