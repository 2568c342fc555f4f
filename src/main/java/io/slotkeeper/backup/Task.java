package io.slotkeeper.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a process of {@link Main} is to do, as JSON. Nothing in it is secret: passwords and keys are
 * in files that it names.
 *
 * @param id identifies the backup
 * @param attempt the number of this process for the same backup
 * @param redis namespace and name of what is backed up
 * @param mode Cluster, Standalone or Sentinel
 * @param directory of the backup in the store, without its prefix; without '/' at the end
 * @param servers of the Redis; empty where none is read
 * @param passwords a directory that has the servers' password in a file of that name; beside it is
 *     the former one while servers take both; null where they have none
 * @param to where {@code restore} writes files; else null
 */
public record Task(
    Place store,
    String id,
    String attempt,
    String redis,
    String mode,
    String directory,
    List<Server> servers,
    @Nullable String passwords,
    boolean common,
    boolean preferReplica,
    int maxPauseMillis,
    int patienceSeconds,
    @Nullable String to) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Exactly one of bucket and volume is set.
   *
   * @param prefix before the names of all objects; may be empty
   * @param volume a directory
   * @param endpoint null for that of Amazon
   * @param credentials a directory with the files {@code accessKeyId} and {@code secretAccessKey}
   * @param caFile certificates (PEM) that the endpoint's is signed with; null for those that Java
   *     knows
   */
  public record Place(
      String prefix,
      @Nullable String volume,
      @Nullable String bucket,
      @Nullable String region,
      @Nullable String endpoint,
      boolean pathStyle,
      @Nullable String credentials,
      @Nullable String caFile) {}

  public String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * @throws IllegalArgumentException if it is none
   */
  static Task read(String json) {
    try {
      return JSON.readValue(json, Task.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no task: " + e.getOriginalMessage(), e);
    }
  }

  /** The directory in the store, with '/' at the end. */
  String path() {
    return (store.prefix.isEmpty() ? "" : store.prefix + "/") + directory + "/";
  }
}
