package io.slotkeeper.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.DefaultKubernetesResourceList;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.slotkeeper.api.MemberStatus;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisVersion;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TolerantSerializationTest {
  private static final String GOOD =
      """
      {"apiVersion":"slotkeeper.io/v1alpha1","kind":"Redis","metadata":{"name":"good"},
       "spec":{"version":"7.0","mode":"Cluster","cluster":{"master":3}}}\
      """;
  private static final String BAD =
      GOOD.replace("good", "bad")
          .replace(
              "\"master\":3}",
              "\"master\":3},\"podTemplate\":{\"spec\":{\"resources\":{\"limits\":{\"memory\":\"\"}}}}");

  private final KubernetesSerialization reader = TolerantSerialization.serialization();

  @BeforeEach
  void register() {
    reader.registerKubernetesResource(Redis.class);
    reader.registerKubernetesResource(RedisVersion.class);
  }

  @Test
  void oneThatCannotBeReadIsThereAndSaysWhy() {
    Redis redis = reader.unmarshal(BAD, Redis.class);

    assertThat(redis.getMetadata().getName()).isEqualTo("bad");
    assertThat(redis.getSpec()).isNull();
    assertThat(redis.getUnreadable())
        .startsWith("spec.podTemplate.spec.resources.limits.memory: Invalid quantity");
    assertThat(reader.unmarshal(GOOD, Redis.class).getUnreadable()).isNull();
  }

  /** As a watch reads it: an exception here would end the watch of all. */
  @Test
  void anEventOfAWatchIsRead() {
    WatchEvent event =
        reader.unmarshal("{\"type\":\"MODIFIED\",\"object\":" + BAD + "}", WatchEvent.class);

    assertThat(event.getObject()).isInstanceOf(Redis.class);
    assertThat(((Redis) event.getObject()).getUnreadable()).isNotNull();
  }

  /** As a watch begins. */
  @Test
  void aListIsReadWithTheOthers() {
    var type = reader.constructParametricType(DefaultKubernetesResourceList.class, Redis.class);
    DefaultKubernetesResourceList<Redis> list =
        reader.unmarshal(
            new java.io.ByteArrayInputStream(
                ("{\"kind\":\"RedisList\",\"items\":[" + BAD + "," + GOOD + "]}")
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8)),
            new com.fasterxml.jackson.core.type.TypeReference<>() {
              @Override
              public java.lang.reflect.Type getType() {
                return type;
              }
            });

    assertThat(list.getItems())
        .extracting(redis -> redis.getUnreadable() == null)
        .containsExactly(false, true);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"mode\":\"Cluster\" | \"mode\":\"Ring\" | spec.mode: 'Ring' is none of Cluster, Standalone, Sentinel",
        "\"cluster\":{\"master\":3} | \"replicas\":1 | spec: cluster is missing",
        "\"master\":3 | \"master\":\"three\" | spec.cluster.master: ",
        "\"master\":3 | \"master\":99999999999 | spec.cluster.master: ",
        "\"mode\":\"Cluster\" | \"mode\":\"Cluster\",\"config\":7 | spec.config: ",
        "\"mode\": | \"configSource\":{\"configMap\":{\"name\":\"../secrets/other\"}},\"mode\": | spec.configSource.configMap: '../secrets/other' is not the name",
      })
  void theFieldIsNamed(String from, String to, String words) {
    assertThat(reader.unmarshal(GOOD.replace(from, to), Redis.class).getUnreadable())
        .startsWith(words);
  }

  @Test
  void aSpecThatIsMissingIsNoEmptyOne() {
    assertThat(
            reader
                .unmarshal(
                    "{\"apiVersion\":\"slotkeeper.io/v1alpha1\",\"kind\":\"Redis\",\"metadata\":{}}",
                    Redis.class)
                .getUnreadable())
        .isEqualTo("spec is missing");
  }

  /** A newer operator may have written it; what is remembered there is needed all the same. */
  @Test
  void ofAStatusOnlyWhatCannotBeReadIsLeftOut() {
    String id = "0".repeat(40);
    Redis redis =
        reader.unmarshal(
            GOOD.substring(0, GOOD.length() - 1)
                + """
                ,"status":{"phase":"Restoring","shardCount":"many","members":[
                  {"pod":"x-shard0-0","id":"%s"},{"pod":"x-shard0-1"},{"pod":"x-shard0-2","id":{}}]}}\
                """
                    .formatted(id),
            Redis.class);

    assertThat(redis.getUnreadable()).isNull();
    assertThat(redis.getStatus().phase()).isNull();
    assertThat(redis.getStatus().members())
        .isEqualTo(List.of(new MemberStatus("x-shard0-0", id, null, null)));
  }

  @Test
  void aVersionOfAnotherEngineIsNotTakenForOneOfOurs() {
    RedisVersion version =
        reader.unmarshal(
            """
            {"apiVersion":"slotkeeper.io/v1alpha1","kind":"RedisVersion","metadata":{"name":"8"},
             "spec":{"engine":"Garnet","version":"8.0.0","image":"i"}}\
            """,
            RedisVersion.class);

    assertThat(version.getUnreadable()).startsWith("spec.engine: 'Garnet' is none of Redis");
  }

  @Test
  void ofObjectsOfKubernetesWhatCannotBeReadIsLeftOut() {
    HasMetadata pod =
        reader.unmarshal(
            """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","labels":{"a":"b"}},
             "spec":{"priority":"high","containers":[{"name":"redis",
               "resources":{"limits":{"memory":"","cpu":"1"}}}]}}\
            """);

    assertThat(pod).isInstanceOf(Pod.class);
    assertThat(((Pod) pod).getSpec().getContainers().getFirst().getResources().getLimits())
        .containsOnlyKeys("cpu");
  }
}
