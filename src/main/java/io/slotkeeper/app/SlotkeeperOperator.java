package io.slotkeeper.app;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.Cloner;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.micrometer.core.instrument.MeterRegistry;
import io.slotkeeper.api.RedisBackup;
import io.slotkeeper.api.RedisUser;
import io.slotkeeper.execute.Executor;
import io.slotkeeper.kubernetes.BackupApi;
import io.slotkeeper.kubernetes.ConfigMapCache;
import io.slotkeeper.kubernetes.EventPublisher;
import io.slotkeeper.kubernetes.EventSources;
import io.slotkeeper.kubernetes.ExporterObjects;
import io.slotkeeper.kubernetes.LiveKubernetesApi;
import io.slotkeeper.kubernetes.LiveObjectApi;
import io.slotkeeper.kubernetes.ObjectApplier;
import io.slotkeeper.kubernetes.Passwords;
import io.slotkeeper.kubernetes.PodEvents;
import io.slotkeeper.kubernetes.Retention;
import io.slotkeeper.kubernetes.TlsSecrets;
import io.slotkeeper.kubernetes.UserApi;
import io.slotkeeper.livesettings.LiveCertificates;
import io.slotkeeper.livesettings.LivePasswords;
import io.slotkeeper.livesettings.LiveSettings;
import io.slotkeeper.livesettings.PersistenceTransition;
import io.slotkeeper.observe.FailureReports;
import io.slotkeeper.observe.Observer;
import io.slotkeeper.observe.SentinelObserver;
import io.slotkeeper.operatorsettings.OperatorSettings;
import io.slotkeeper.reconcile.BackupReconciler;
import io.slotkeeper.reconcile.CertificateResolver;
import io.slotkeeper.reconcile.DesiredStateResolver;
import io.slotkeeper.reconcile.ForeignObjects;
import io.slotkeeper.reconcile.Housekeeping;
import io.slotkeeper.reconcile.Metrics;
import io.slotkeeper.reconcile.Pass;
import io.slotkeeper.reconcile.PassMetrics;
import io.slotkeeper.reconcile.PasswordChanges;
import io.slotkeeper.reconcile.PasswordsInUse;
import io.slotkeeper.reconcile.Provisioning;
import io.slotkeeper.reconcile.RedisMetrics;
import io.slotkeeper.reconcile.RedisReconciler;
import io.slotkeeper.reconcile.RedisUserReconciler;
import io.slotkeeper.reconcile.RequeueDelays;
import io.slotkeeper.reconcile.RunningPodChanges;
import io.slotkeeper.reconcile.ServerLiveness;
import io.slotkeeper.reconcile.StageLog;
import io.slotkeeper.reconcile.Stages;
import io.slotkeeper.reconcile.StalledHandshakes;
import io.slotkeeper.reconcile.StatusCache;
import io.slotkeeper.reconcile.StatusReporter;
import io.slotkeeper.reconcile.UserChanges;
import io.slotkeeper.reconcile.UserExchange;
import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.VirtualThreads;
import io.slotkeeper.redis.cluster.RedisNodes;
import io.slotkeeper.redis.lettuce.LettuceNodes;
import io.slotkeeper.redis.lettuce.TlsHandshakes;
import io.slotkeeper.resources.PasswordGenerator;
import io.slotkeeper.users.LiveUsers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything wired together: created once, started, and closed. */
final class SlotkeeperOperator implements AutoCloseable {
  /** At the latest, even if every event was missed. */
  private static final Duration LONGEST_REST = Duration.ofMinutes(3);

  /** How long data about a Redis that is gone is kept. */
  private static final Duration HOUSEKEEPING = Duration.ofSeconds(10);

  private static final Duration SHUTDOWN = Duration.ofSeconds(5);

  /** A connection holds a buffer of 64 KiB, too much for a server at rest. */
  private static final Duration UNUSED_CONNECTION = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(SlotkeeperOperator.class);

  /** This many passes run at once; each waits for its servers most of the time. */
  private static final int PASSES = 64;

  private final KubernetesClient client;
  private final Operator operator;
  private final LettuceNodes nodes;
  private final RedisUserReconciler userReconciler;
  private final OperatorSettings settings;
  private final ServerLiveness liveness;
  private final Leadership leadership;
  private final Runnable backups;
  private final ScheduledExecutorService housekeeping =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private volatile boolean started;

  SlotkeeperOperator(
      OperatorSettings settings,
      KubernetesClient client,
      MeterRegistry registry,
      InstantSource clock,
      String version) {
    Fanout fanout = new VirtualThreads();
    this.client = client;
    this.settings = settings;
    leadership =
        new Leadership(
            settings,
            () -> new KubernetesClientBuilder().withConfig(client.getConfiguration()).build());
    operator =
        new Operator(configuration -> {
          configuration
              .withKubernetesClient(client)
              .withCloseClientOnStop(false)
              .withExecutorService(
                  Executors.newFixedThreadPool(PASSES, Thread.ofVirtual().factory()))
              .withMetrics(MicrometerMetrics.withoutPerResourceMetrics(registry))
              .withReconciliationTerminationTimeout(SHUTDOWN)
              // Objects read from caches are never changed here: no need to copy them each time. A
              // copy of an unreadable Redis would have lost the reason.
              .withResourceCloner(new Uncopied())
              .withCloneSecondaryResourcesWhenGettingFromCache(false);
          leadership.configuration().ifPresent(configuration::withLeaderElectionConfiguration);
        });
    nodes =
        new LettuceNodes(
            settings.connectTimeout(), settings.commandTimeout(), UNUSED_CONNECTION, clock);
    EventSources eventSources = new EventSources();
    liveness = new ServerLiveness(eventSources::wake, SlotkeeperOperator::end);
    LiveKubernetesApi kubernetes = new LiveKubernetesApi(client);
    Passwords passwords = new Passwords(client, new PasswordGenerator(), clock);
    PasswordsInUse passwordsInUse = new PasswordsInUse();
    EventPublisher events = new EventPublisher(client, settings.identity(), clock);
    ForeignObjects foreignObjects = new ForeignObjects(events::publish);
    Metrics metrics =
        new Metrics(
            registry,
            version,
            settings.metricsPerRedis()
                ? Optional.of(new RedisMetrics(registry, clock))
                : Optional.empty());
    metrics.leading(leadership::leads);
    StatusReporter reporter =
        new StatusReporter(new StatusCache(clock), kubernetes, events, metrics, clock);
    PodEvents podEvents = new PodEvents(client, clock);
    StalledHandshakes handshakes = new StalledHandshakes(clock);
    FailureReports failureReports = new FailureReports(clock);
    Executor executor =
        new Executor(
            nodes,
            nodes.sentinels(),
            kubernetes,
            fanout,
            clock,
            new MonotonicClock(clock, System::nanoTime));
    LiveSettings live = new LiveSettings(nodes, executor, fanout, clock);
    LivePasswords livePasswords =
        new LivePasswords(nodes, nodes.sentinels(), executor, fanout, clock);
    LiveCertificates liveCertificates =
        new LiveCertificates(new TlsHandshakes(settings.connectTimeout()), executor, fanout, clock);
    CertificateResolver certificates =
        new CertificateResolver(new TlsSecrets(client, clock), liveCertificates, clock);
    RunningPodChanges podChanges =
        new RunningPodChanges(new PersistenceTransition(nodes, fanout, clock));
    ObjectApplier applier = new ObjectApplier(client, fanout, clock);
    StageLog stages = new StageLog(registry);
    RequeueDelays requeueDelays = new RequeueDelays(settings.resync(), clock);
    Pass pass =
        new Pass(
            new Stages(stages),
            new Observer(nodes, liveness, fanout, clock),
            new SentinelObserver(nodes.sentinels(), liveness, fanout),
            failureReports,
            executor,
            requeueDelays,
            clock);
    UserApi userApi = new UserApi(client, new LiveObjectApi(client));
    UserExchange exchange = new UserExchange(eventSources::wake);
    UserChanges userChanges =
        new UserChanges(
            eventSources::users,
            new LiveUsers(nodes, executor, fanout, clock),
            userApi,
            exchange,
            clock);
    userReconciler =
        new RedisUserReconciler(
            userApi,
            new PasswordGenerator(),
            exchange,
            eventSources::hasRedis,
            settings.resync(),
            clock);
    ConfigMapCache configMaps = new ConfigMapCache(client, clock);
    RedisReconciler reconciler =
        new RedisReconciler(
            eventSources,
            pass,
            new DesiredStateResolver(
                configMaps,
                passwords,
                passwordsInUse,
                livePasswords,
                certificates,
                live,
                settings,
                clock),
            new Retention(new LiveObjectApi(client), fanout),
            new Provisioning(
                applier, new ExporterObjects(new LiveObjectApi(client), applier, clock)),
            foreignObjects,
            podEvents,
            handshakes,
            liveness,
            passwordsInUse,
            live,
            new PasswordChanges(livePasswords, liveCertificates, executor, clock),
            userChanges,
            podChanges,
            reporter,
            new PassMetrics(registry));
    operator.register(reconciler, configuration -> configure(configuration, settings));
    backups =
        () ->
            operator.register(
                new BackupReconciler(
                    new BackupApi(client),
                    eventSources::redises,
                    settings.image().orElse(null),
                    clock),
                configuration -> configure(configuration, settings));
    ScheduledFuture<?> _ =
        housekeeping.scheduleWithFixedDelay(
            new Housekeeping(
                eventSources::redises,
                liveness,
                List.of(
                    stages::retain,
                    configMaps::retain,
                    reporter::retain,
                    requeueDelays::retain,
                    foreignObjects::retain,
                    podEvents::retain,
                    handshakes::retain,
                    failureReports::retain,
                    passwords::retain,
                    live::retain,
                    livePasswords::retain,
                    userChanges::retain,
                    liveCertificates::retain,
                    certificates::retain,
                    passwordsInUse::retain,
                    _ -> podChanges.retain(liveness.podUids()))),
            HOUSEKEEPING.toSeconds(),
            HOUSEKEEPING.toSeconds(),
            TimeUnit.SECONDS);
  }

  /** A new process, started by the kubelet, watches again. */
  private static void end(Throwable cause) {
    log.error("no server is watched any more; ending", cause);
    Runtime.getRuntime().halt(1);
  }

  private static <R extends HasMetadata> void configure(
      ControllerConfigurationOverrider<R> configuration, OperatorSettings settings) {
    configuration
        .withRetry(
            new GenericRetry()
                .withoutMaxAttempts()
                .setInitialInterval(200)
                .setIntervalMultiplier(1.5)
                .setMaxInterval(30_000))
        .withReconciliationMaxInterval(LONGEST_REST);
    if (settings.watchNamespaces().isEmpty()) {
      configuration.watchingAllNamespaces();
    } else {
      configuration.settingNamespaces(settings.watchNamespaces());
    }
  }

  void start() {
    warmUp();
    if (client.supports(RedisUser.class)) {
      operator.register(userReconciler, configuration -> configure(configuration, settings));
    } else {
      log.warn(
          "the API server does not know RedisUsers: apply the CRDs of this release, and restart");
    }
    if (servesBackups()) {
      backups.run();
    } else {
      log.warn("no backups: install the CRDs of this version, then restart the operator");
    }
    operator.start();
    started = true;
  }

  /** An upgrade with Helm leaves CRDs as they are: a Redis is looked after all the same. */
  private boolean servesBackups() {
    try {
      return client.supports(RedisBackup.class);
    } catch (KubernetesClientException e) {
      return true; // nothing is known; a start without an API server fails for its own reasons
    }
  }

  /**
   * The first call of a fresh process takes longer than any server may: a call whose result is not
   * needed loads the classes of the client.
   */
  private void warmUp() {
    Thread.startVirtualThread(() -> {
      try {
        var _ = nodes.at(new RedisNodes.Endpoint("warm-up", "127.0.0.1", 1, null)).myId();
      } catch (RedisUnavailableException e) {
        // as expected: no process listens there
      }
    });
  }

  /** It notices when a server dies. */
  boolean isAlive() {
    return liveness.isAlive();
  }

  /** Its caches are filled and kept up to date. */
  boolean isReady() {
    return started && operator.getRuntimeInfo().allEventSourcesAreHealthy();
  }

  /**
   * The Lease is given back last. A pass may run for longer than the framework waits for it: from
   * here on it reaches no server and no API server, so it cannot collide with one of the next
   * leader's.
   */
  @Override
  public void close() {
    leadership.closing();
    housekeeping.shutdownNow();
    operator.stop();
    liveness.close();
    nodes.close();
    client.close();
    leadership.release();
  }

  /** Returns the object itself. */
  private static final class Uncopied implements Cloner {
    @Override
    public <T extends HasMetadata> T clone(T object) {
      return object;
    }
  }
}
