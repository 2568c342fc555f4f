package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.slotkeeper.api.Phase;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Conditions;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.resources.Labels;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Redis in a test's namespace: what a user does with it, and sees of it. */
public record TestRedis(Space space, String name) {

  /** Three masters without replicas, on volumes; nothing is left of it in the end. */
  static final String DEFAULTS =
      """
      version: "7.0"
      mode: Cluster
      cluster: {master: 3, replicas: 0}
      storage: {resources: {requests: {storage: 64Mi}}}
      terminationPolicy: WipeOut
      """;

  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  public TestRedis create(String changes) {
    ObjectNode spec = merge((ObjectNode) yaml(DEFAULTS), changes);
    if ("Ephemeral".equals(spec.path("storageType").asText())) {
      spec.remove("storage");
    }
    if (!"Cluster".equals(spec.path("mode").asText())) {
      spec.remove("cluster");
    }
    Redis redis = new Redis();
    redis.getMetadata().setName(name);
    ObjectNode json = (ObjectNode) new ObjectMapper().valueToTree(redis);
    json.set("spec", spec);
    json.remove("status");
    space.client().resource(json.toString()).inNamespace(space.name()).create();
    return this;
  }

  private static JsonNode yaml(String text) {
    // What begins with a brace would be taken for JSON.
    return YAML.unmarshal("---\n" + text, JsonNode.class);
  }

  private static ObjectNode merge(ObjectNode base, String changes) {
    try {
      JsonNode patch = yaml(changes);
      return new ObjectMapper().readerForUpdating(base).readValue(patch);
    } catch (java.io.IOException e) {
      throw new IllegalArgumentException(changes, e);
    }
  }

  /** Changes the spec; YAML as for {@link Space#create}. */
  public TestRedis patch(String changes) {
    try {
      JsonNode spec = yaml(changes);
      String patch =
          new ObjectMapper()
              .writeValueAsString(new ObjectMapper().createObjectNode().set("spec", spec));
      resource().patch(PatchContext.of(PatchType.JSON_MERGE), patch);
      return this;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(changes, e);
    }
  }

  public Resource<Redis> resource() {
    return space.client().resources(Redis.class).inNamespace(space.name()).withName(name);
  }

  /**
   * Asks for the deletion once the policy of the spec is in force, and waits until the resource and
   * its pods are gone.
   */
  public void delete() {
    awaitAsserted(() -> {
      Redis redis = resource().require();
      assertThat(redis.getStatus()).isNotNull();
      assertThat(redis.getStatus().terminationPolicy())
          .isEqualTo(redis.getSpec().terminationPolicy());
    });
    resource().delete();
    awaitAsserted(() -> {
      assertThat(resource().get()).isNull();
      assertThat(pods()).isEmpty();
    });
  }

  public Optional<RedisStatus> status() {
    return Optional.ofNullable(resource().get()).map(Redis::getStatus);
  }

  public Optional<Condition> condition(ConditionType type) {
    return status().flatMap(status -> Conditions.find(status.conditions(), type));
  }

  /** The pods of servers by name, those that are being deleted left out. */
  public List<Pod> pods() {
    return space
        .client()
        .pods()
        .inNamespace(space.name())
        .withLabels(Labels.selector(name))
        .withLabel(Labels.SHARD)
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
        .toList();
  }

  public List<String> podNames() {
    return pods().stream().map(pod -> pod.getMetadata().getName()).toList();
  }

  public List<PersistentVolumeClaim> claims() {
    return space
        .client()
        .persistentVolumeClaims()
        .inNamespace(space.name())
        .withLabels(Labels.selector(name))
        .list()
        .getItems();
  }

  public String pod(int shard, int ordinal) {
    return name + "-shard" + shard + "-" + ordinal;
  }

  public RedisCli cli(int shard, int ordinal) {
    return space.cli(pod(shard, ordinal));
  }

  /** The pod that is master of a shard, as the status says. */
  public String master(int shard) {
    return String.valueOf(status().orElseThrow().shards().get(shard).master());
  }

  /** The pods that a Service leads to. */
  public List<String> endpoints(String service) {
    return space
        .client()
        .discovery()
        .v1()
        .endpointSlices()
        .inNamespace(space.name())
        .withLabel("kubernetes.io/service-name", service)
        .list()
        .getItems()
        .stream()
        .flatMap(slice -> Stream.ofNullable(slice.getEndpoints()).flatMap(List::stream))
        .filter(endpoint -> Boolean.TRUE.equals(endpoint.getConditions().getReady()))
        .map(endpoint -> endpoint.getTargetRef().getName())
        .toList();
  }

  /** The notes of its events with this reason. */
  public List<String> events(String reason) {
    return space.events().stream()
        .filter(
            event -> event.getRegarding() != null && name.equals(event.getRegarding().getName()))
        .filter(event -> "Redis".equals(event.getRegarding().getKind()))
        .filter(event -> reason.equals(event.getReason()))
        .map(Event::getNote)
        .toList();
  }

  /** Everything is as wanted, of the newest spec. */
  public TestRedis awaitRunning() {
    awaitAsserted(() -> {
      Redis redis = resource().get();
      assertThat(redis.getStatus()).as("status").isNotNull();
      assertThat(redis.getStatus().observedGeneration())
          .isEqualTo(redis.getMetadata().getGeneration());
      assertThat(redis.getStatus().phase())
          .as(() -> condition(ConditionType.Ready).map(Condition::getMessage).orElse(""))
          .isEqualTo(Phase.Running);
      assertThat(Conditions.isTrue(redis.getStatus().conditions(), ConditionType.Ready)).isTrue();
    });
    return this;
  }

  public void awaitCondition(ConditionType type, boolean value, Reason reason) {
    awaitAsserted(() ->
        assertThat(condition(type))
            .get()
            .satisfies(condition -> {
              assertThat(condition.getReason()).as(condition.getMessage()).isEqualTo(reason.name());
              assertThat(condition.getStatus()).isEqualTo(value ? "True" : "False");
              assertThat(condition.getMessage()).isNotBlank();
            }));
  }

  /**
   * The servers themselves say that all is well, whatever the status says: every one sees the same
   * nodes in the same roles at the addresses of the pods, with all slots and no other node.
   */
  public TestRedis assertSound(int masters, int replicas) {
    List<Pod> pods = pods();
    assertThat(pods).hasSize(masters * (1 + replicas));
    Set<String> addresses =
        pods.stream().map(pod -> pod.getStatus().getPodIP()).collect(Collectors.toSet());
    Set<Set<String>> creeds = new java.util.HashSet<>();
    for (Pod pod : pods) {
      String server = pod.getMetadata().getName();
      List<RedisCli.Node> nodes = space.cli(server).nodes();
      assertThat(nodes).as(server).allMatch(RedisCli.Node::isSound);
      assertThat(nodes)
          .as(server)
          .extracting(RedisCli.Node::ip)
          .containsExactlyInAnyOrderElementsOf(addresses);
      creeds.add(nodes.stream().map(RedisCli.Node::creed).collect(Collectors.toSet()));
      assertThat(space.cli(server).run("cluster", "info"))
          .as(server)
          .contains("cluster_state:ok", "cluster_slots_ok:16384");
    }
    assertThat(creeds).as("all servers see the same").hasSize(1);
    assertThat(cli(0, 0).nodes().stream().filter(node -> !node.slots().isEmpty())).hasSize(masters);
    return this;
  }

  /** Writes keys over all slots, through one master. */
  public void fill(int keys) {
    space
        .cli(master(0))
        .exec(
            "sh",
            "-c",
            "cli=$(command -v redis-cli || command -v valkey-cli);"
                + " for i in $(seq "
                + keys
                + "); do echo \"set key:$i value:$i\"; done | $cli -c >/dev/null");
  }

  /** All that {@link #fill} wrote is there, read through a given server. */
  public void assertFilled(int keys, RedisCli through) {
    String found =
        through.exec(
            "sh",
            "-c",
            "cli=$(command -v redis-cli || command -v valkey-cli);"
                + " for i in $(seq "
                + keys
                + "); do echo \"get key:$i\"; done | $cli -c | grep -c '^\"*value:'");
    assertThat(found).isEqualTo(Integer.toString(keys));
  }
}
