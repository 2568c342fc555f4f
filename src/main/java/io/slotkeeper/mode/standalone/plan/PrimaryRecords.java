package io.slotkeeper.mode.standalone.plan;

import io.slotkeeper.observe.RememberedShard;
import io.slotkeeper.observe.ServerLocations;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is recorded before anything is done: who leads, and where its process may run. */
final class PrimaryRecords {

  private PrimaryRecords() {}

  /**
   * A new primary.
   *
   * @param former in whose place; null for none
   */
  static Action primary(StandaloneModel model, Server server, Action.@Nullable Dead former) {
    RememberedShard before = model.memory().data();
    List<String> ids = new ArrayList<>(before.replicationIds());
    ids.remove(server.link().replicationId());
    ids.add(server.link().replicationId());
    if (!server.isMaster()) {
      ids.add(server.id().value()); // it gets another one by its promotion, which is not known yet
    }
    Set<String> copies = new HashSet<>(before.copies());
    copies.add(server.pod().name());
    Map<String, NodeId> members = members(model);
    // What is remembered of the former primary's pod would be taken for a process that still runs.
    members.values().removeIf(id -> id.equals(model.memory().process()));
    members.put(server.pod().name(), server.id());
    return new Action.RecordPrimary(
        server.ref(),
        0,
        former,
        members,
        locations(model, members),
        new RememberedShard(
            new RememberedShard.Owner(server.id(), model.nextTerm(server), SlotSet.ALL),
            ids,
            copies,
            before.heldKeys() || server.hasKeys()));
  }

  /** The servers of the other pods. */
  static List<Action> members(StandaloneModel model, Server primary) {
    Map<String, NodeId> before = model.view().remembered().members();
    Map<String, NodeId> members = members(model);
    members.put(primary.pod().name(), primary.id());
    Map<String, ServerLocations> locations = locations(model, members);
    if (members.equals(before) && locations.equals(model.view().remembered().locations())) {
      return List.of();
    }
    List<ServerRef> added =
        model.servers().stream()
            .filter(server -> !server.id().equals(before.get(server.pod().name())))
            .map(Server::ref)
            .toList();
    return List.of(new Action.RecordMembers(members, locations, added, before.keySet()));
  }

  private static Map<String, NodeId> members(StandaloneModel model) {
    Map<String, NodeId> members = new HashMap<>(model.view().remembered().members());
    Set<String> wanted = new HashSet<>(model.topology().pods());
    model.view().members().forEach(member -> wanted.add(member.pod().name()));
    members.keySet().retainAll(wanted);
    model.servers().forEach(server -> members.put(server.pod().name(), server.id()));
    return members;
  }

  /** Where each was seen, and where its pod is now. */
  private static Map<String, ServerLocations> locations(
      StandaloneModel model, Map<String, NodeId> members) {
    Map<String, ServerLocations> locations = new HashMap<>();
    members.forEach((pod, id) -> {
      Set<String> hosts = new HashSet<>();
      model.view().pod(pod).map(member -> member.pod().node()).ifPresent(hosts::add);
      boolean seen = model.server(pod).filter(server -> server.id().equals(id)).isPresent();
      if (!seen) {
        Optional.ofNullable(model.view().remembered().locations().get(pod))
            .ifPresent(old -> hosts.addAll(old.nodes()));
      }
      if (!hosts.isEmpty()) {
        locations.put(pod, new ServerLocations(hosts, Map.of()));
      }
    });
    return locations;
  }
}
