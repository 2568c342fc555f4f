package io.slotkeeper.livesettings;

import io.slotkeeper.livesettings.ServerSettings.Given;
import io.slotkeeper.redis.ServerConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the settings of one Redis's servers: the last known settings of each process,
 * and the answers of servers of each version to each value.
 */
final class KnownSettings {

  /**
   * Where nothing announced a change. Finds a new server process, and settings changed by hand, at
   * each resync.
   */
  static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  /** A refusal may have had a reason that passes. */
  private static final Duration ASK_AGAIN = Duration.ofMinutes(1);

  /** The reply of servers since Redis 7.0 to a setting that they take only when they start. */
  static final String IMMUTABLE = "can't set immutable config";

  private final Map<String, ServerProcess> processes = new HashMap<>();
  private final Map<Value, Answer> answers = new HashMap<>();
  private Set<String> versions = Set.of();

  /**
   * One server process.
   *
   * @param wanted what was wanted when it was looked at
   */
  record ServerProcess(
      Map<String, String> wanted, ServerConfig has, Map<String, Given> given, Instant at) {}

  /** A value of a setting, for servers of one version. */
  record Value(String version, String setting, String value) {}

  /**
   * What a server made of a value.
   *
   * @param refusal the server's words; null where it takes the value
   */
  record Answer(@Nullable String refusal, Instant at) {
    /** Such a value may well be good: a server takes it when it starts. */
    boolean isImmutable() {
      return refusal != null && refusal.contains(IMMUTABLE);
    }
  }

  /** What is known of it now; empty where it must be asked. */
  Optional<ServerProcess> fresh(String podUid, Map<String, String> wanted, Instant now) {
    return Optional.ofNullable(processes.get(podUid))
        .filter(p -> p.wanted().equals(wanted) && now.isBefore(p.at().plus(LOOK_AGAIN)));
  }

  /** A process was looked at: what an earlier one of the same pod was given is forgotten. */
  void looked(String podUid, Map<String, String> wanted, ServerConfig has, Instant now) {
    ServerProcess before = processes.get(podUid);
    Map<String, Given> given =
        before != null && before.has().runId().equals(has.runId())
            ? before.given()
            : new HashMap<>();
    processes.put(podUid, new ServerProcess(wanted, has, given, now));
  }

  /** It does not answer: it may be another process when it does. */
  void away(String podUid) {
    ServerProcess before = processes.get(podUid);
    if (before != null) {
      processes.put(
          podUid, new ServerProcess(before.wanted(), before.has(), before.given(), Instant.MIN));
    }
  }

  /** Records what the process that was last looked at was given. */
  void gave(String podUid, String setting, Given given) {
    ServerProcess process = processes.get(podUid);
    if (process != null) {
      process.given().put(setting, given);
    }
  }

  void retain(Set<String> podUids) {
    processes.keySet().retainAll(podUids);
  }

  /** The versions of the running servers, and what they are asked for. */
  void asks(Set<String> runningVersions, Set<Value> wanted) {
    versions = Set.copyOf(runningVersions);
    answers.keySet().retainAll(new HashSet<>(wanted));
  }

  void answered(Value value, @Nullable String refusal, Instant now) {
    answers.put(value, new Answer(refusal, now));
  }

  /** Empty where no server was asked, or it is time to ask again. */
  Optional<Answer> answer(Value value, Instant now) {
    return Optional.ofNullable(answers.get(value))
        .filter(a -> a.refusal() == null || now.isBefore(a.at().plus(ASK_AGAIN)));
  }

  /** Servers answered when they were last looked at. */
  boolean hasServers() {
    return !versions.isEmpty();
  }

  /** All accepted values. */
  Set<String> accepted() {
    return answers.keySet().stream()
        .filter(value -> isAccepted(value.setting(), value.value()))
        .map(value -> value.setting() + " " + value.value())
        .collect(Collectors.toSet());
  }

  /** Servers of each running version take it, now or at their start. */
  boolean isAccepted(String setting, String value) {
    return hasServers()
        && versions.stream()
            .map(version -> answers.get(new Value(version, setting, value)))
            .allMatch(a -> a != null && (a.refusal() == null || a.isImmutable()));
  }
}
