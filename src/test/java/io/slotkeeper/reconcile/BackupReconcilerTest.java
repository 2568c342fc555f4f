package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.api.BackupConsistency;
import io.slotkeeper.api.BackupPhase;
import io.slotkeeper.api.BackupStatus;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisBackup;
import io.slotkeeper.kubernetes.BackupApi;
import io.slotkeeper.kubernetes.TolerantSerialization;
import io.slotkeeper.testing.FakeApiServer;
import io.slotkeeper.testing.FakeApiServer.Request;
import io.slotkeeper.testing.FakeApiServer.Response;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From Job to Job, with an operator that begins anew at each step. */
class BackupReconcilerTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-12-01T02:00:05Z"));

  private static final KubernetesSerialization TOLERANT = TolerantSerialization.serialization();

  private static final String MANIFEST =
      """
      {"format":1,"backup":"uid-of-the-backup","consistency":"%s","takenAt":"2026-12-01T02:00:03Z",
       "pauseMillis":11,"engine":"Valkey","version":"9.1.2","keys":300,"bytes":5000,"storedBytes":900}
      """;

  private final List<Redis> redises = new ArrayList<>();
  private final Map<String, String> objects = new HashMap<>();
  private final Map<String, String> endsOfJobs = new HashMap<>();
  private JsonNode backup =
      json(
          """
          apiVersion: slotkeeper.io/v1alpha1
          kind: RedisBackup
          metadata: {namespace: demo, name: first, uid: uid-of-the-backup, generation: 1,
            creationTimestamp: "2026-12-01T02:00:00Z"}
          spec: {redisRef: {name: orders}, storeRef: {name: store}}
          """);
  private boolean createsFail;

  @SuppressWarnings("NullAway.Init")
  private FakeApiServer server;

  @BeforeEach
  void start() throws IOException {
    server = new FakeApiServer();
    server.answer(this::answer);
    redises.add(redis("[{type: Ready, status: 'True'}, {type: Progressing, status: 'False'}]", ""));
    objects.put(
        "redisbackupstores/store",
        """
        {"apiVersion":"slotkeeper.io/v1alpha1","kind":"RedisBackupStore","metadata":{"name":"store"},
         "spec":{"s3":{"bucket":"backups","credentialsSecretRef":{"name":"s3"}}}}
        """);
    objects.put(
        "secrets/s3",
        """
        {"apiVersion":"v1","kind":"Secret","metadata":{"name":"s3"},
         "data":{"accessKeyId":"YQ==","secretAccessKey":"Yg=="}}
        """);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private static JsonNode json(String yaml) {
    return Serialization.unmarshal(yaml, JsonNode.class);
  }

  private static Redis redis(String conditions, String more) {
    return Serialization.unmarshal(
        """
        apiVersion: slotkeeper.io/v1alpha1
        kind: Redis
        metadata: {namespace: demo, name: orders, uid: uid-of-the-redis}
        spec: {version: valkey-9.1, mode: Cluster, cluster: {master: 3}, storage: {resources: {requests: {storage: 1Gi}}}}
        status: {conditions: %s %s}
        """
            .formatted(conditions, more),
        Redis.class);
  }

  private @Nullable Response answer(Request request) {
    String path = request.path();
    if (request.is("PATCH", "/redisbackups/first/status")) {
      patch(json(request.body()));
      return new Response(200, backup.toString());
    }
    if (request.is("POST", "/jobs")) {
      if (createsFail) {
        return Response.refusal(500, "etcd is away");
      }
      String name = json(request.body()).at("/metadata/name").asText();
      return objects.putIfAbsent("jobs/" + name, request.body()) == null
          ? new Response(201, request.body())
          : Response.refusal(409, "it exists");
    }
    if (request.is("GET", "/pods")) {
      String query = String.valueOf(request.query());
      String job = query.substring(query.lastIndexOf('=') + 1).replaceFirst(".*%3D", "");
      return new Response(200, pods(job));
    }
    String[] segments = path.split("/", -1);
    String kind = segments[segments.length - 2];
    String found = objects.get(kind + "/" + segments[segments.length - 1]);
    if (found == null) {
      return Response.refusal(404, "not found");
    }
    return new Response(200, kind.equals("jobs") ? job(found) : found);
  }

  private String job(String created) {
    ObjectNode job = (ObjectNode) json(created);
    String name = job.at("/metadata/name").asText();
    ((ObjectNode) job.get("metadata")).put("uid", "uid-of-" + name);
    String end = endsOfJobs.get(name);
    if (end != null) {
      job.putObject("status")
          .putArray("conditions")
          .addObject()
          .put("type", end.startsWith("{") ? "Complete" : "Failed")
          .put("status", "True");
    }
    return job.toString();
  }

  private String pods(String job) {
    String end = endsOfJobs.get(job);
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("apiVersion", "v1").put("kind", "PodList");
    ObjectNode pod = list.putArray("items").addObject();
    ObjectNode metadata = pod.putObject("metadata").put("name", job + "-x");
    metadata.putArray("ownerReferences").addObject().put("uid", "uid-of-" + job);
    pod.putObject("status")
        .putArray("containerStatuses")
        .addObject()
        .putObject("state")
        .putObject("terminated")
        .put("exitCode", 1)
        .put("message", end);
    return list.toString();
  }

  /** The few operations of a JSON patch that statuses need. */
  private void patch(JsonNode operations) {
    ObjectNode object = backup.deepCopy();
    for (JsonNode operation : operations) {
      String[] path = operation.path("path").asText().split("/", -1);
      if (operation.path("op").asText().equals("test")) {
        assertThat(operation.path("value").asText()).isEqualTo("uid-of-the-backup");
      } else if (path.length == 2) {
        object.set("status", operation.get("value"));
      } else if (operation.path("op").asText().equals("remove")) {
        ((ObjectNode) object.get("status")).remove(path[2]);
      } else {
        ((ObjectNode) object.get("status")).set(path[2], operation.get("value"));
      }
    }
    backup = object;
  }

  private RedisBackup read() {
    return TOLERANT.unmarshal(backup.toString(), RedisBackup.class);
  }

  private BackupStatus pass() {
    return pass("local/slotkeeper:dev");
  }

  @SuppressWarnings("NullAway") // what a reconciler is given beside the resource is not used
  private BackupStatus pass(@Nullable String image) {
    try (KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(server.client().getConfiguration())
            .withKubernetesSerialization(TOLERANT)
            .build()) {
      new BackupReconciler(new BackupApi(client), () -> redises, image, CLOCK)
          .reconcile(read(), null);
    }
    return read().getStatus();
  }

  private void assertPending(String reason, String message) {
    BackupStatus status = pass();
    assertThat(status.phase()).isEqualTo(BackupPhase.Pending);
    assertThat(status.conditions())
        .singleElement()
        .satisfies(one -> {
          assertThat(one.getType()).isEqualTo("Complete");
          assertThat(one.getStatus()).isEqualTo("False");
          assertThat(one.getReason()).isEqualTo(reason);
          assertThat(one.getMessage()).startsWith(message);
        });
    assertThat(server.requests("POST", "/jobs")).isEmpty();
  }

  @Test
  void aJobThatSucceedsCompletesIt() {
    BackupStatus running = pass();
    assertThat(running.phase()).isEqualTo(BackupPhase.Running);
    assertThat(running.attempts()).isEqualTo(1);
    assertThat(running.path())
        .isEqualTo("demo/orders/uid-of-the-redis/backups/20261201T020000Z-uid-of-t");
    assertThat(objects).containsKey("jobs/first-attempt-1");
    assertThat(pass()).isEqualTo(running);

    endsOfJobs.put("first-attempt-1", MANIFEST.formatted("Cluster"));
    BackupStatus completed = pass();

    assertThat(completed.phase()).isEqualTo(BackupPhase.Completed);
    assertThat(completed.consistency()).isEqualTo(BackupConsistency.Cluster);
    assertThat(completed.keys()).isEqualTo(300);
    assertThat(completed.pauseMilliseconds()).isEqualTo(11);
    assertThat(completed.path()).isEqualTo(running.path());
    assertThat(pass()).isEqualTo(completed);
    assertThat(server.requests("POST", "/jobs")).hasSize(1);
  }

  /** What was reached, whatever was asked for. */
  @Test
  void withoutACommonPointItSaysSo() {
    pass();
    endsOfJobs.put("first-attempt-1", MANIFEST.formatted("Shard"));

    BackupStatus status = pass();

    assertThat(status.phase()).isEqualTo(BackupPhase.Completed);
    assertThat(status.consistency()).isEqualTo(BackupConsistency.Shard);
    assertThat(status.conditions())
        .extracting(one -> one.getType() + "=" + one.getStatus() + " " + one.getReason())
        .containsExactly("Complete=True Completed", "CommonPoint=False CommonPointNotReached");
  }

  @Test
  void itIsTriedThreeTimes() {
    for (int attempt = 1; attempt <= 3; attempt++) {
      assertThat(pass().attempts()).isEqualTo(attempt);
      endsOfJobs.put("first-attempt-" + attempt, "the store cannot write: 503 Slow Down");
      BackupStatus status = pass();
      assertThat(status.phase()).isEqualTo(attempt < 3 ? BackupPhase.Pending : BackupPhase.Failed);
      assertThat(status.conditions().getFirst().getMessage())
          .contains("the store cannot write: 503 Slow Down");
    }
    pass();

    assertThat(server.requests("POST", "/jobs")).hasSize(3);
  }

  /** The record comes first: what was not created then is created with the same number. */
  @Test
  void aCrashBeforeTheJobCostsNoAttempt() {
    createsFail = true;
    assertThatThrownBy(this::pass).isInstanceOf(KubernetesClientException.class);
    assertThat(read().getStatus().attempts()).isEqualTo(1);

    createsFail = false;
    assertThat(pass().attempts()).isEqualTo(1);
    assertThat(objects)
        .containsKey("jobs/first-attempt-1")
        .doesNotContainKey("jobs/first-attempt-2");
  }

  @Test
  void aJobOfSomethingElseIsLeftAlone() {
    objects.put(
        "jobs/first-attempt-1",
        """
        {"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"first-attempt-1"}}
        """);
    pass();

    BackupStatus status = pass();

    assertThat(status.conditions().getFirst().getReason()).isEqualTo("NameTaken");
  }

  @Test
  void withoutARedisItWaits() {
    redises.clear();
    assertPending("RedisNotFound", "There is no Redis orders");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{type: Ready, status: 'False'}]",
        "[]",
        "[{type: Ready, status: 'True'}, {type: Progressing, status: 'True'}]",
        "[{type: Ready, status: 'True'}], migration: {slotsLeft: 3}"
      })
  void whileTheRedisChangesItWaits(String conditions) {
    redises.set(0, redis(conditions, ""));
    assertPending("RedisNotReady", "");
  }

  @Test
  void withoutAStoreItWaits() {
    objects.remove("redisbackupstores/store");
    assertPending("StoreNotFound", "There is no RedisBackupStore store");
  }

  @Test
  void withoutCredentialsItWaits() {
    objects.put(
        "secrets/s3", String.valueOf(objects.get("secrets/s3")).replace("accessKeyId", "user"));
    assertPending("StoreIncomplete", "Secret s3, which the store names, lacks accessKeyId.");
    objects.remove("secrets/s3");
    assertPending(
        "StoreIncomplete",
        "Secret s3, which the store names, lacks accessKeyId and secretAccessKey.");
  }

  @Test
  void withoutAnImageItWaits() {
    assertThat(pass(null).conditions().getFirst().getReason()).isEqualTo("ImageUnknown");
  }

  /** As an older schema, a newer operator or a hand in etcd may have stored it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"redisRef\": 3, \"storeRef\": {\"name\": \"store\"}}",
        "{\"redisRef\": {\"name\": \"../orders\"}, \"storeRef\": {\"name\": \"store\"}}",
        "{\"redisRef\": {\"name\": \"orders\"}, \"storeRef\": {\"name\": \"store\"}, \"source\": \"Any\"}",
        "[]"
      })
  void whatCannotBeReadIsSaid(String spec) {
    ((ObjectNode) backup).set("spec", json(spec));
    assertPending("SpecUnreadable", "spec");
  }

  @Test
  void aStoreThatCannotBeReadIsSaid() {
    objects.put(
        "redisbackupstores/store",
        """
        {"apiVersion":"slotkeeper.io/v1alpha1","kind":"RedisBackupStore","metadata":{"name":"store"},"spec":{}}
        """);
    assertPending("SpecUnreadable", "RedisBackupStore store: spec");
  }

  @Test
  void aBackupThatIsBeingDeletedIsLeftAlone() {
    ((ObjectNode) backup.get("metadata")).put("deletionTimestamp", "2026-12-01T02:00:01Z");
    assertThat(pass()).isNull();
    assertThat(server.requests("POST", "/jobs")).isEmpty();
  }
}
