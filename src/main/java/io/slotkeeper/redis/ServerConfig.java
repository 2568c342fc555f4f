package io.slotkeeper.redis;

import java.util.Map;

/**
 * Settings that a running server has.
 *
 * @param runId {@code run_id} of {@code INFO server}: another one after each start
 * @param file {@code config_file} of {@code INFO server}: what it was started with; empty for none
 * @param values the reply of {@code CONFIG GET} for each name; names that the server does not know
 *     are absent
 */
public record ServerConfig(String runId, String file, Map<String, String> values) {
  public ServerConfig {
    values = Map.copyOf(values);
  }
}
