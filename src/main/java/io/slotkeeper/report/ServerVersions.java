package io.slotkeeper.report;

import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;

/** Versions as servers report them, such as 8.0.10. */
final class ServerVersions {
  private static final Comparator<String> ORDER =
      Comparator.comparing(ServerVersions::numbers, Arrays::compare);

  private ServerVersions() {}

  /** Of the servers that answered; empty where none did. */
  static Optional<String> oldest(ClusterView view) {
    return view.members().stream()
        .flatMap(member -> member.snapshot().stream())
        .map(NodeSnapshot::version)
        .distinct() // most often there is one, and nothing to compare
        .min(ORDER);
  }

  private static int[] numbers(String version) {
    return Arrays.stream(version.split("[^0-9]+", -1))
        .mapToInt(part -> part.isEmpty() || part.length() > 9 ? 0 : Integer.parseInt(part))
        .toArray();
  }
}
