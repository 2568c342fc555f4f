package io.slotkeeper.observe;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What was there at one moment: the pods of a Redis with their servers, and what is remembered.
 *
 * @param members by shard and ordinal
 * @param claims the pods, by name, whose volume claim exists
 * @param accepted what the user has given up
 */
public record ClusterView(
    Instant at, List<Member> members, Memory memory, Set<String> claims, AcceptedLosses accepted) {

  private static final Comparator<Member> ORDER =
      Comparator.<Member>comparingInt(m -> m.pod().shard())
          .thenComparingInt(m -> m.pod().ordinal());

  public ClusterView {
    members = members.stream().sorted(ORDER).toList();
    claims = Set.copyOf(claims);
  }

  public ClusterView(Instant at, List<Member> members, Memory memory, Set<String> claims) {
    this(at, members, memory, claims, AcceptedLosses.NONE);
  }

  /** The same, with what the user has given up. */
  public ClusterView accepting(AcceptedLosses losses) {
    return new ClusterView(at, members, memory, claims, losses);
  }

  public Optional<Member> pod(String name) {
    return members.stream().filter(m -> m.pod().name().equals(name)).findFirst();
  }
}
