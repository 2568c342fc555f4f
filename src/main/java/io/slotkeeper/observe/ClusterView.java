package io.slotkeeper.observe;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was there at one moment: the pods of a Redis with their servers, and what is remembered.
 *
 * @param members by shard and ordinal
 * @param claims the pods, by name, whose volume claim exists
 * @param accepted what the user has given up
 * @param hosts the machines; empty where they are not known
 * @param inventory the StatefulSets and claims
 * @param strain what the servers bear
 */
public record ClusterView(
    Instant at,
    List<Member> members,
    Memory memory,
    Set<String> claims,
    AcceptedLosses accepted,
    List<Host> hosts,
    Inventory inventory,
    Strain strain) {

  private static final Comparator<Member> ORDER =
      Comparator.<Member>comparingInt(m -> m.pod().shard())
          .thenComparingInt(m -> m.pod().ordinal());

  public ClusterView {
    members = members.stream().sorted(ORDER).toList();
    claims = Set.copyOf(claims);
    hosts = List.copyOf(hosts);
  }

  public ClusterView(Instant at, List<Member> members, Memory memory, Set<String> claims) {
    this(at, members, memory, claims, AcceptedLosses.NONE, List.of(), Inventory.EMPTY, Strain.NONE);
  }

  /** The same, with what the user has given up. */
  public ClusterView accepting(AcceptedLosses losses) {
    return new ClusterView(at, members, memory, claims, losses, hosts, inventory, strain);
  }

  /** The same, with the machines. */
  public ClusterView on(List<Host> machines) {
    return new ClusterView(at, members, memory, claims, accepted, machines, inventory, strain);
  }

  /** The same, with what Kubernetes has beside the pods. */
  public ClusterView with(Inventory objects) {
    return new ClusterView(at, members, memory, claims, accepted, hosts, objects, strain);
  }

  /** The same, with what the servers bear. */
  public ClusterView under(Strain load) {
    return new ClusterView(at, members, memory, claims, accepted, hosts, inventory, load);
  }

  /** A machine of this name is there, and nothing is heard of it. */
  public boolean isCut(@Nullable String host) {
    return hosts.stream().anyMatch(h -> h.name().equals(host) && !h.ready());
  }

  public Optional<Member> pod(String name) {
    for (Member member : members) {
      if (member.pod().name().equals(name)) {
        return Optional.of(member);
      }
    }
    return Optional.empty();
  }
}
