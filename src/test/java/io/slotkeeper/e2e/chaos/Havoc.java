package io.slotkeeper.e2e.chaos;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.slotkeeper.e2e.chaos.Fault.How;
import io.slotkeeper.e2e.chaos.Fault.Which;
import io.slotkeeper.resources.Names;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Does to one Redis what a fault says. */
final class Havoc {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A Sentinel is a server in another mode. */
  static final Set<String> SERVERS = Set.of("redis-server", "valkey-server");

  private final Subject subject;
  private final Random random;

  /**
   * What was done.
   *
   * @param what in words, with the names
   * @param seen whether the cluster shows it: before that, all may look well because nothing has
   *     happened yet
   */
  record Done(String what, BooleanSupplier seen) {}

  /**
   * @param random chooses shards and pods
   */
  Havoc(Subject subject, Random random) {
    this.subject = subject;
    this.random = random;
  }

  /** Returns when it is done; a frozen server runs again then. */
  List<Done> wreak(Fault fault, Damage damage) throws InterruptedException {
    return switch (fault) {
      case Fault.Nothing _ -> List.of();
      case Fault.Delete delete -> List.of(delete(delete.kind()));
      case Fault.Pods pods -> hurt(pods, damage);
      case Fault.Sentinels sentinels -> hurt(sentinels);
      case Fault.Update update -> List.of(new Changes(subject).make(update.what()));
      case Fault.InUpdate both -> {
        List<Done> done =
            new ArrayList<>(List.of(new Changes(subject).make(Fault.Change.POD_TEMPLATE)));
        Thread.sleep(random.nextInt(5_000));
        done.addAll(hurt(both.pods(), damage));
        yield done;
      }
    };
  }

  private List<Done> hurt(Fault.Pods pods, Damage damage) throws InterruptedException {
    // Looked up first: then all happens within milliseconds.
    List<Pod> chosen = choose(pods.which());
    List<Boolean> masters = chosen.stream().map(subject.servers()::isMaster).toList();
    List<Done> done = new ArrayList<>();
    for (int i = 0; i < chosen.size(); i++) {
      done.add(hurt(chosen.get(i), masters.get(i), pods.how(), damage));
    }
    return done;
  }

  private List<Pod> choose(Which which) {
    List<Pod> pods = subject.pods();
    List<Integer> shards = new ArrayList<>(pods.stream().map(Servers::shard).distinct().toList());
    Collections.shuffle(shards, random);
    int first = shards.getFirst();
    return switch (which) {
      case MASTER -> List.of(one(first, true));
      case REPLICA -> List.of(one(first, false));
      case TWO_MASTERS -> shards.stream().limit(2).map(shard -> one(shard, true)).toList();
      case ALL_MASTERS -> shards.stream().map(shard -> one(shard, true)).toList();
      case ONE_OF_EACH_SHARD ->
          shards.stream().map(shard -> one(shard, random.nextBoolean())).toList();
      case SHARD -> pods.stream().filter(pod -> Servers.shard(pod) == first).toList();
      case ALL -> pods;
    };
  }

  /** In the middle of an update there may be none for a moment. */
  private Pod one(int shard, boolean master) {
    List<Pod> candidates =
        await()
            .atMost(PATIENCE)
            .pollDelay(Duration.ZERO)
            .until(
                () ->
                    subject.pods().stream()
                        .filter(pod -> Servers.shard(pod) == shard)
                        .filter(pod -> subject.servers().isMaster(pod) == master)
                        .toList(),
                found -> !found.isEmpty());
    return candidates.get(random.nextInt(candidates.size()));
  }

  private Done hurt(Pod pod, boolean master, How how, Damage damage) throws InterruptedException {
    String name = pod.getMetadata().getName();
    How done = ofOneThatRestarted(pod, how);
    if (done.isHard()) {
      damage.hit(name, Servers.shard(pod), master);
    }
    if (done == How.FREEZE) {
      boolean replaced = subject.servers().serveOnceReplaced();
      Runnable hit =
          () -> {
            if (replaced) {
              damage.hit(name, Servers.shard(pod), master);
            }
          };
      hit.run();
      Done frozen = freeze(List.of(pod), name + (master ? " (master)" : ""));
      hit.run();
      return frozen;
    }
    strike(pod, done);
    return new Done(done + " " + name + (master ? " (master)" : ""), isAnother(pod));
  }

  private List<Done> hurt(Fault.Sentinels which) throws InterruptedException {
    List<Pod> pods = new ArrayList<>(subject.servers().addresses().sentinels());
    Collections.shuffle(pods, random);
    List<Pod> chosen = which.all() ? pods : pods.subList(0, 1);
    if (which.how() == How.FREEZE) {
      return List.of(freeze(chosen, chosen.size() + " Sentinels"));
    }
    List<Done> done = new ArrayList<>();
    for (Pod pod : chosen) {
      How how = ofOneThatRestarted(pod, which.how());
      strike(pod, how);
      done.add(new Done(how + " " + pod.getMetadata().getName(), isAnother(pod)));
    }
    return done;
  }

  /** The kubelet lets a container that ends again wait for 10 s, then 20 s, …; a new pod is new. */
  private static How ofOneThatRestarted(Pod pod, How how) {
    return how == How.KILL && restarts(pod) > 0 ? How.FORCE_DELETE : how;
  }

  private void strike(Pod pod, How how) {
    String name = pod.getMetadata().getName();
    var resource = client().pods().inNamespace(namespace()).withName(name);
    switch (how) {
      case KILL -> LocalCluster.kill(pod, SERVERS);
      case DELETE -> resource.delete();
      case DELETE_WITH_VOLUME -> {
        client()
            .persistentVolumeClaims()
            .inNamespace(namespace())
            .withName(Names.claimOfPod(name))
            .delete();
        resource.delete();
      }
      case FORCE_DELETE -> resource.withGracePeriod(0).delete();
      case FREEZE -> throw new IllegalArgumentException("takes a while: freeze()");
    }
  }

  private Done freeze(List<Pod> pods, String names) throws InterruptedException {
    int millis = 1_000 + random.nextInt(10_000);
    pods.forEach(pod -> LocalCluster.signal("STOP", pod, SERVERS));
    try {
      Thread.sleep(millis);
    } finally {
      pods.forEach(pod -> LocalCluster.signal("CONT", pod, SERVERS));
    }
    return new Done("freeze %s for %d ms".formatted(names, millis), () -> true);
  }

  /** Whether the pod's place is taken by another one, or by another run of its container. */
  BooleanSupplier isAnother(Pod pod) {
    String before = identity(pod);
    return () -> {
      Pod now = subject.pod(pod.getMetadata().getName());
      return now != null && !identity(now).equals(before);
    };
  }

  private static String identity(Pod pod) {
    return pod.getMetadata().getUid() + " " + restarts(pod);
  }

  private static int restarts(Pod pod) {
    return pod.getStatus().getContainerStatuses().stream()
        .mapToInt(ContainerStatus::getRestartCount)
        .sum();
  }

  private Done delete(Fault.Kind kind) {
    Names names = new Names(subject.name());
    String shard = names.shard(random.nextInt(subject.servers().masters()));
    var client = client();
    return switch (kind) {
      case CLIENT_SERVICE ->
          delete(client.services().inNamespace(namespace()).withName(names.clientService()));
      case REPLICAS_SERVICE ->
          delete(client.services().inNamespace(namespace()).withName(names.replicasService()));
      case GOVERNING_SERVICE ->
          delete(client.services().inNamespace(namespace()).withName(names.governingService()));
      case CONFIG_MAP ->
          delete(client.configMaps().inNamespace(namespace()).withName(names.configMap()));
      case SECRET -> delete(client.secrets().inNamespace(namespace()).withName(names.authSecret()));
      case NETWORK_POLICY ->
          delete(
              client
                  .network()
                  .networkPolicies()
                  .inNamespace(namespace())
                  .withName(names.networkPolicy()));
      case DISRUPTION_BUDGET ->
          delete(
              client.policy().v1().podDisruptionBudget().inNamespace(namespace()).withName(shard));
      case STATEFUL_SET ->
          withPods(
              delete(client.apps().statefulSets().inNamespace(namespace()).withName(shard)), shard);
      case SENTINELS_SERVICE ->
          delete(client.services().inNamespace(namespace()).withName(names.sentinels()));
      case SENTINELS_DISRUPTION_BUDGET ->
          delete(
              client
                  .policy()
                  .v1()
                  .podDisruptionBudget()
                  .inNamespace(namespace())
                  .withName(names.sentinels()));
      case SENTINELS_STATEFUL_SET ->
          withPods(
              delete(
                  client
                      .apps()
                      .statefulSets()
                      .inNamespace(namespace())
                      .withName(names.sentinels())),
              names.sentinels());
    };
  }

  private <T extends HasMetadata> Done delete(Resource<T> resource) {
    T object = resource.get();
    String uid = object.getMetadata().getUid();
    resource.delete();
    return new Done(
        "delete " + object.getKind() + " " + object.getMetadata().getName(),
        () -> isOther(resource.get(), uid));
  }

  private static boolean isOther(@Nullable HasMetadata object, String uid) {
    return object != null && !object.getMetadata().getUid().equals(uid);
  }

  /** Its pods are deleted in the background, a moment later. */
  private Done withPods(Done done, String statefulSet) {
    List<BooleanSupplier> pods =
        subject
            .allPods()
            .filter(pod -> pod.getMetadata().getName().startsWith(statefulSet + "-"))
            .map(this::isAnother)
            .toList();
    return new Done(
        done.what(),
        () ->
            Stream.concat(Stream.of(done.seen()), pods.stream())
                .allMatch(BooleanSupplier::getAsBoolean));
  }

  private KubernetesClient client() {
    return subject.redis().space().client();
  }

  private String namespace() {
    return subject.redis().space().name();
  }
}
