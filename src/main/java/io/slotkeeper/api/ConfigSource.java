package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** Where further settings of the servers come from. */
@ApiObject
public record ConfigSource(
    @JsonPropertyDescription("A ConfigMap with a key redis.conf.") @Required
        LocalReference configMap) {

  public ConfigSource {
    Absent.required(configMap, "configMap");
  }
}
