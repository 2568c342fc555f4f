package io.slotkeeper.resources;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * The file with passwords that redis_exporter reads: a JSON object from the address of a server to
 * its password. It sends a password to exactly these addresses, and to no other target.
 */
public final class ExporterSecret {
  static final String FILE = "passwords.json";
  static final String TYPE = "slotkeeper.io/exporter";

  private ExporterSecret() {}

  /**
   * @param pods the servers
   * @param password that they accept; empty for none. Never to be logged, nor the result.
   */
  public static Secret of(Exporter exporter, Collection<String> pods, String password) {
    Map<String, String> passwords = new TreeMap<>();
    if (!password.isEmpty()) {
      pods.forEach(pod -> passwords.put(exporter.target(pod), password));
    }
    return new SecretBuilder()
        .withMetadata(exporter.metadata())
        .withType(TYPE)
        .withData(Map.of(FILE, AuthSecret.base64(json(passwords))))
        .build();
  }

  private static String json(Map<String, String> passwords) {
    try {
      return new ObjectMapper().writeValueAsString(passwords);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts in a map are always JSON");
    }
  }
}
