package io.slotkeeper.backup;

import io.slotkeeper.redis.RedisErrorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * A process that does one task and ends. The task is in the variable {@code SLOTKEEPER_TASK}; what
 * came of it goes to the standard output, and to the file that {@code SLOTKEEPER_RESULT} names: the
 * manifest without its shards, or the reason why not.
 */
public final class Main {
  public static final String TASK = "SLOTKEEPER_TASK";
  public static final String RESULT = "SLOTKEEPER_RESULT";

  /** Kubernetes keeps 4096 bytes of it. */
  private static final int LONGEST_RESULT = 3_000;

  private static final Logger log = LoggerFactory.getLogger(Main.class);

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments), System.getenv()));
  }

  /** 0 if it is done, 1 if not, 2 if it is no task. */
  static int run(List<String> arguments, Map<String, String> environment) {
    try {
      Task task = Task.read(Objects.requireNonNullElse(environment.get(TASK), ""));
      try (ObjectStore store = Stores.open(task.store())) {
        end(environment, verb(arguments, task, store));
      }
      return 0;
    } catch (IllegalArgumentException e) {
      end(
          environment,
          "usage: take|check|restore|delete|probe, with " + TASK + ": " + e.getMessage());
      return 2;
    } catch (IOException | UncheckedIOException | RedisErrorException | SdkException e) {
      log.error("failed", e);
      end(environment, Objects.requireNonNullElse(e.getMessage(), e.toString()));
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private static String verb(List<String> arguments, Task task, ObjectStore store)
      throws IOException, InterruptedException {
    Backups backups = new Backups(store, InstantSource.system());
    return switch (arguments.isEmpty() ? "" : arguments.getFirst()) {
      case "take" -> backups.take(request(task), password(task)).summary();
      case "check" -> backups.check(task.path()).summary();
      case "restore" ->
          backups
              .restore(task.path(), Path.of(Objects.requireNonNull(task.to(), "to is missing")))
              .summary();
      case "delete" -> {
        backups.delete(task.path());
        yield "deleted";
      }
      case "probe" -> {
        backups.probe(task.path());
        yield "the store can be used";
      }
      default -> throw new IllegalArgumentException("what is to be done?");
    };
  }

  private static Backups.Request request(Task task) {
    return new Backups.Request(
        task.id(),
        task.attempt(),
        task.redis(),
        task.mode(),
        task.path(),
        task.servers(),
        task.common(),
        task.preferReplica(),
        Duration.ofMillis(task.maxPauseMillis()),
        Duration.ofSeconds(task.patienceSeconds()));
  }

  /** The one that all servers take: while it changes, some do not know the new one yet. */
  private static @Nullable String password(Task task) throws IOException {
    if (task.passwords() == null) {
      return null;
    }
    Path directory = Path.of(task.passwords());
    Path previous = directory.resolve("previous-password");
    return Files.readString(Files.exists(previous) ? previous : directory.resolve("password"));
  }

  private static void end(Map<String, String> environment, String result) {
    System.out.println(result);
    String file = environment.get(RESULT);
    if (file != null) {
      try {
        Files.writeString(
            Path.of(file), result.substring(0, Math.min(result.length(), LONGEST_RESULT)));
      } catch (IOException e) {
        log.warn("the result cannot be written", e);
      }
    }
  }
}
