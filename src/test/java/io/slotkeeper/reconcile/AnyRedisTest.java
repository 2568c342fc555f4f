package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.slotkeeper.api.Mode;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisVersion;
import io.slotkeeper.crd.SchemaValues;
import io.slotkeeper.kubernetes.TolerantSerialization;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever the schema takes, the operator reads, and a whole pass over it ends without an
 * exception. {@code -Dfuzz.count} says how many (200), {@code -Dfuzz.seed} from which seed on (1).
 */
class AnyRedisTest {
  private static final int COUNT = Integer.getInteger("fuzz.count", 200);
  private static final long FIRST = Long.getLong("fuzz.seed", 1);
  private static final KubernetesSerialization READER = TolerantSerialization.serialization();

  @Test
  void isReadAndCarriedThroughAPass() throws IOException {
    JsonNode redises = SchemaValues.of("redises");
    JsonNode versions = SchemaValues.of("redisversions");
    try (OneRedis one = new OneRedis("kind: Redis")) {
      int read = 0;
      for (long seed = FIRST; seed < FIRST + COUNT; seed++) {
        one.redis = redis(redises, seed);
        one.objects.clear();
        one.objects.add(version(versions, seed));
        one.addPod("x-shard0-0", "");
        one.addPod("x-shard0-1", "127.1.2.3");
        double failures = one.failures();

        one.pass();

        assertThat(one.failures())
            .as("seed %d: %s", seed, READER.asJson(one.redis))
            .isEqualTo(failures);
        read += one.redis.getUnreadable() == null ? 1 : 0;
      }
      assertThat(read).isGreaterThan(COUNT / 4);
    }
  }

  /** Without values of the future all can be read. */
  @Test
  void isReadWhole() throws IOException {
    JsonNode redises = SchemaValues.of("redises");
    for (long seed = FIRST; seed < FIRST + COUNT; seed++) {
      var values = new SchemaValues(new Random(seed), false);
      Redis redis = READER.unmarshal(sized(values.value(redises)).toString(), Redis.class);

      assertThat(redis.getUnreadable()).as("seed %d", seed).isNull();
    }
  }

  private static Redis redis(JsonNode schema, long seed) {
    Random random = new Random(seed);
    ObjectNode object = sized(new SchemaValues(random, seed % 2 == 0).value(schema));
    JsonNode cluster = object.at("/spec/cluster");
    if (cluster instanceof ObjectNode size && size.path("master").asInt() > 4 && seed % 50 != 0) {
      size.put("master", 1 + random.nextInt(4)); // hundreds of shards are no news, and take time
    }
    object.put("apiVersion", "slotkeeper.io/v1alpha1");
    object.put("kind", "Redis");
    object
        .putObject("metadata")
        .put("name", "x")
        .put("namespace", "ns")
        .put("uid", "uid " + seed)
        .put("generation", seed);
    return READER.unmarshal(object.toString(), Redis.class);
  }

  /** A rule in CEL demands a size in mode Cluster, and is not looked at where values are made. */
  private static ObjectNode sized(JsonNode redis) {
    if (redis.at("/spec/mode").asText().equals(Mode.Cluster.name())
        && redis.at("/spec/cluster").isMissingNode()) {
      ((ObjectNode) redis.get("spec")).putObject("cluster").put("master", 3);
    }
    return (ObjectNode) redis;
  }

  private static RedisVersion version(JsonNode schema, long seed) {
    var object = (ObjectNode) new SchemaValues(new Random(seed), seed % 2 == 0).value(schema);
    object.put("apiVersion", "slotkeeper.io/v1alpha1");
    object.put("kind", "RedisVersion");
    object.putObject("metadata").put("name", "any");
    return READER.unmarshal(object.toString(), RedisVersion.class);
  }
}
