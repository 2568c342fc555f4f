package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.model.Finding;
import io.slotkeeper.model.Finding.Kind;
import io.slotkeeper.observe.Member;
import io.slotkeeper.plan.ClaimFindings;
import io.slotkeeper.plan.Health;
import io.slotkeeper.plan.UnavailableServers;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What keeps the cluster from being as it should be, in words for the user. */
final class Findings {

  private Findings() {}

  static List<Finding> of(ClusterModel cluster, Health health) {
    List<Finding> findings = new ArrayList<>();
    foreignNodes(cluster, findings);
    Set<String> silentMasters =
        Failovers.missing(cluster).stream()
            .flatMap(lost -> lost.pod().stream())
            .filter(member -> !UnavailableServers.answers(member))
            .map(member -> member.pod().name())
            .collect(Collectors.toSet());
    for (Member member : cluster.membership().absent()) {
      Finding finding = UnavailableServers.finding(cluster, member);
      if (finding.kind() != Kind.WAITING || !silentMasters.contains(member.pod().name())) {
        findings.add(finding);
      }
    }
    for (String pod : cluster.topology().pods()) {
      if (cluster.view().pod(pod).isEmpty()) {
        findings.add(new Finding(Kind.WAITING, "Pod " + pod + " does not exist yet."));
      }
    }
    losses(cluster, findings);
    findings.addAll(OrphanedClaims.findings(cluster));
    for (Peer peer : cluster.peers()) {
      String error = peer.snapshot().diskError();
      if (error != null) {
        findings.add(UnavailableServers.disk(cluster, peer.pod(), error));
      }
      if (peer.isMaster() && peer.snapshot().keys() > 0 && ownsNothing(cluster, peer)) {
        findings.add(strayKeys(cluster, peer));
      }
    }
    findings.addAll(ClaimFindings.of(cluster));
    if (cluster.formed()) {
      health.shards().stream()
          .filter(shard -> shard.master() != null)
          .forEach(shard -> shard.behind().forEach(pod -> findings.add(behind(shard, pod))));
    }
    if (cluster.formed() && cluster.complete() && !health.agreed()) {
      findings.add(new Finding(Kind.DISAGREEMENT, "The servers do not agree on the cluster yet."));
    }
    return findings;
  }

  private static void foreignNodes(ClusterModel cluster, List<Finding> findings) {
    Map<NodeId, List<Peer>> byId =
        cluster.membership().foreignNodes().stream()
            .collect(Collectors.groupingBy(Peer::id, LinkedHashMap::new, Collectors.toList()));
    byId.values()
        .forEach(peers ->
            findings.add(
                peers.size() == 1 ? foreignNode(cluster, peers.getFirst()) : copies(peers)));
  }

  private static Finding foreignNode(ClusterModel cluster, Peer peer) {
    String pod = peer.pod().name();
    String way =
        cluster.view().claims().contains(pod)
            ? "If its data is not wanted, delete the claim data-%1$s and then the pod. Only if you know that its data belongs to this Redis, mark it: `kubectl annotate pvc data-%1$s %2$s=%3$s`."
            : "If its data is not wanted, delete the pod, which loses it.";
    return new Finding(
        Kind.FOREIGN_NODE,
        "Pod %s holds a node that is not known to belong here: id %s, %d keys, %d slots, %d known nodes. Nothing is touched. "
                .formatted(
                    pod,
                    peer.id().brief(),
                    peer.snapshot().keys(),
                    peer.self().slots().size(),
                    peer.snapshot().table().nodes().size())
            + way.formatted(pod, "slotkeeper.io/node-id", peer.id()));
  }

  /** One finding for all of them: a user who followed one for each would delete every copy. */
  private static Finding copies(List<Peer> peers) {
    return new Finding(
        Kind.FOREIGN_NODE,
        "Pods %s hold the same node, id %s: one volume is a copy of the other. Nothing is touched. Find out which of them has the data that you want (%s), and delete the claim and the pod of the other."
            .formatted(
                peers.stream().map(peer -> peer.pod().name()).collect(Collectors.joining(" and ")),
                peers.getFirst().id().brief(),
                peers.stream()
                    .map(peer -> "%s: %d keys".formatted(peer.pod().name(), peer.snapshot().keys()))
                    .collect(Collectors.joining(", "))));
  }

  private static void losses(ClusterModel cluster, List<Finding> findings) {
    List<Failovers.Missing> missing = Failovers.missing(cluster);
    int masters = cluster.ownership().owners().size();
    List<Failovers.Missing> silent =
        missing.stream()
            .filter(lost -> lost.pod().filter(UnavailableServers::answers).isEmpty())
            .toList();
    if (!silent.isEmpty() && !Failovers.hasMajority(cluster, silent.size())) {
      findings.add(
          new Finding(
              Kind.MAJORITY_LOST,
              "%d of %d masters are away, so the others cannot vote. Masters that are proven dead are replaced one by one; the operator waits for the rest."
                  .formatted(silent.size(), masters)));
    }
    LostSlots.finding(cluster).ifPresent(findings::add);
    silent.stream()
        .filter(lost -> !LostSlots.isLost(cluster, lost) || Formation.isEmpty(cluster))
        .forEach(lost -> findings.add(masterDown(cluster, lost, "does not answer")));
    missing.stream()
        .filter(lost -> !silent.contains(lost))
        .forEach(lost -> findings.add(masterDown(cluster, lost, "cannot serve them now")));
  }

  private static Finding masterDown(ClusterModel cluster, Failovers.Missing lost, String what) {
    SlotSet slots = cluster.ownership().of(lost.master());
    String older =
        cluster.peers().stream()
            .filter(peer -> cluster.isOutdated(peer) && peer.self().slots().intersects(slots))
            .findFirst()
            .map(peer ->
                " Pod %s had them before, and has older data: it does not get them back while the newer may return."
                    .formatted(peer.pod().name()))
            .orElse("");
    return new Finding(
        Kind.MASTER_DOWN,
        "The master of slots %s (%s) %s%s.%s"
            .formatted(
                slots,
                lost.pod()
                    .map(member -> "pod " + member.pod().name())
                    .orElse("node " + lost.master().brief()),
                what,
                lost.evidence().map(evidence -> ": " + evidence).orElse(""),
                older));
  }

  private static Finding behind(Health.Shard shard, String pod) {
    return new Finding(
        Kind.REPLICA_DOWN,
        "Pod %s is not in sync with its master %s yet.".formatted(pod, shard.master()));
  }

  private static boolean ownsNothing(ClusterModel cluster, Peer peer) {
    return peer.self().slots().isEmpty() && !cluster.ownership().owns(peer.id());
  }

  private static Finding strayKeys(ClusterModel cluster, Peer peer) {
    String pod = peer.pod().name();
    String way =
        cluster.view().claims().contains(pod)
            ? "delete the claim data-%1$s and then the pod".formatted(pod)
            : "delete the pod";
    return new Finding(
        Kind.STRAY_KEYS,
        "The node in pod %s is a master without slots that holds %d keys. It is left alone: they may be the only copy. Only if they are not needed, %s."
            .formatted(pod, peer.snapshot().keys(), way));
  }
}
