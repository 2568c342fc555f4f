package io.slotkeeper.backup;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a backup consists of. It is written last and once: a directory without it is no backup.
 *
 * @param format of this file; a reader refuses one that it does not know
 * @param backup identifies the backup, whatever attempt wrote this
 * @param redis namespace and name of what was backed up
 * @param mode of the Redis: Cluster, Standalone or Sentinel
 * @param engine Redis or Valkey
 * @param version the oldest of the servers
 * @param takenAt the moment at which writes were paused (ISO 8601); of some moment between the
 *     first and the last fork where they were not
 * @param consistency what was reached: Cluster or Shard
 * @param pauseMillis how long writes were stalled
 * @param keys of all shards
 * @param bytes of all shards, uncompressed
 * @param storedBytes of all shards in the store
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Manifest(
    int format,
    String backup,
    String redis,
    String mode,
    String engine,
    String version,
    String takenAt,
    String consistency,
    long pauseMillis,
    long keys,
    long bytes,
    long storedBytes,
    List<Shard> shards) {

  static final int FORMAT = 1;
  static final String NAME = "manifest.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * One RDB file, compressed with zstd.
   *
   * @param slots like "0-5460 5462"; empty text in a Redis without slots
   * @param object its name, without that of the directory
   * @param sha256 of the RDB file, in hexadecimal
   * @param storedSha256 of the object
   * @param source the pod that it was read from
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Shard(
      int shard,
      String slots,
      String object,
      long keys,
      long bytes,
      String sha256,
      long storedBytes,
      String storedSha256,
      String replicationId,
      long offset,
      String source) {}

  byte[] json() {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Without the shards: it fits into the message with which a container ends (4096 bytes). */
  String summary() {
    return new String(
        new Manifest(
                format,
                backup,
                redis,
                mode,
                engine,
                version,
                takenAt,
                consistency,
                pauseMillis,
                keys,
                bytes,
                storedBytes,
                List.of())
            .json(),
        StandardCharsets.UTF_8);
  }

  /**
   * @throws IOException naming what is wrong with it
   */
  static Manifest read(String name, byte[] json) throws IOException {
    @Nullable Manifest manifest;
    try {
      manifest = JSON.readValue(json, Manifest.class);
    } catch (JsonProcessingException e) {
      throw new IOException(name + " is damaged: " + e.getOriginalMessage(), e);
    }
    if (manifest == null || manifest.shards == null || manifest.shards.isEmpty()) {
      throw new IOException(name + " is damaged: it names no shards");
    }
    if (manifest.format != FORMAT) {
      throw new IOException(
          "%s has format %d, and this program knows %d: use a newer one"
              .formatted(name, manifest.format, FORMAT));
    }
    for (Shard shard : manifest.shards) {
      try {
        ObjectStore.checked(shard.object);
      } catch (IllegalArgumentException | NullPointerException e) {
        throw new IOException(name + " is damaged: it names no object of a shard", e);
      }
    }
    return manifest;
  }
}
