package io.slotkeeper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

class TestClusterTest {

  private static CustomResourceDefinition withStatus(String status) {
    String json =
        "{\"metadata\": {\"name\": \"redises.slotkeeper.io\"}, \"status\": " + status + "}";
    return Serialization.unmarshal(json, CustomResourceDefinition.class);
  }

  @Test
  void waitsForACrdThatTheApiServerHasJustTaken() {
    assertThat(TestCluster.isEstablished(null)).isFalse();
    assertThat(TestCluster.isEstablished(withStatus("null"))).isFalse();
    // API servers of 1.34 answer like this for some milliseconds.
    assertThat(TestCluster.isEstablished(withStatus("{\"conditions\": null}"))).isFalse();
    assertThat(
            TestCluster.isEstablished(
                withStatus(
                    "{\"conditions\": [{\"type\": \"Established\", \"status\": \"False\"}]}")))
        .isFalse();
    assertThat(
            TestCluster.isEstablished(
                withStatus(
                    "{\"conditions\": [{\"type\": \"Established\", \"status\": \"True\"}]}")))
        .isTrue();
  }
}
