package io.slotkeeper.status;

import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.redis.NodeSnapshot;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;

/** Versions that servers say they are, such as 8.0.10. */
final class Versions {
  private static final Comparator<String> ORDER =
      Comparator.comparing(Versions::numbers, Arrays::compare);

  private Versions() {}

  /** Of the servers that answered; empty where none did. */
  static Optional<String> oldest(ClusterView view) {
    return view.members().stream()
        .flatMap(member -> member.seen().stream())
        .map(NodeSnapshot::version)
        .min(ORDER);
  }

  private static int[] numbers(String version) {
    return Arrays.stream(version.split("[^0-9]+", -1))
        .mapToInt(part -> part.isEmpty() || part.length() > 9 ? 0 : Integer.parseInt(part))
        .toArray();
  }
}
