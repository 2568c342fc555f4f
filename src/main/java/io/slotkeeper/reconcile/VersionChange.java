package io.slotkeeper.reconcile;

import io.slotkeeper.api.Engine;
import io.slotkeeper.api.RedisVersionSpec;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which other server may take the place of one that runs. A server reads the files and the stream
 * of an older one, not of a newer one: the first replica of an older version could neither read its
 * volume nor follow its master, and the copy would be gone. Valkey reads what Redis up to 7.2
 * writes; all later formats of the two differ.
 */
final class VersionChange {

  /** The last Redis whose files Valkey reads. */
  private static final Release LAST_COMMON = new Release(Engine.Redis, 7, 2);

  private VersionChange() {}

  /** Patch releases do not change formats. */
  private record Release(Engine engine, int major, int minor) implements Comparable<Release> {
    static Release of(Engine engine, String version) {
      int[] parts =
          Arrays.stream(version.split("[^0-9]+"))
              .filter(part -> part.matches("[0-9]{1,6}"))
              .mapToInt(Integer::parseInt)
              .toArray();
      return new Release(engine, parts.length > 0 ? parts[0] : 0, parts.length > 1 ? parts[1] : 0);
    }

    @Override
    public int compareTo(Release other) {
      return Comparator.comparingInt(Release::major)
          .thenComparingInt(Release::minor)
          .compare(this, other);
    }

    boolean mayFollow(Release running) {
      return engine == running.engine
          ? compareTo(running) >= 0
          : running.engine == Engine.Redis && running.compareTo(LAST_COMMON) <= 0;
    }

    @Override
    public String toString() {
      return engine + " " + major + "." + minor;
    }
  }

  /** Engine and version as a server reports them. */
  record Server(Engine engine, String version) {}

  /** The servers that answer. */
  static List<Server> running(ClusterView view) {
    return view.members().stream()
        .flatMap(member -> member.snapshot().stream())
        .map(seen -> new Server(engineOf(seen), seen.version()))
        .toList();
  }

  /** Why a version is not rolled out over servers that run; empty if it may be. */
  static Optional<Problem> objection(RedisVersionSpec wanted, Collection<Server> servers) {
    Release next = Release.of(wanted.engine(), wanted.version());
    return servers.stream()
        .map(server -> Release.of(server.engine(), server.version()))
        .distinct()
        .sorted(Comparator.reverseOrder())
        .filter(running -> !next.mayFollow(running))
        .findFirst()
        .map(running ->
            new Problem(
                Reason.VersionChangeRefused,
                "spec.version asks for %s, which cannot read the data of %s: it runs now. Set spec.version to a RedisVersion of %s or newer; to go to %s, create a new resource and copy the data."
                    .formatted(next, running, running, next)));
  }

  private static Engine engineOf(NodeSnapshot server) {
    return switch (server.engine()) {
      case REDIS -> Engine.Redis;
      case VALKEY -> Engine.Valkey;
    };
  }
}
