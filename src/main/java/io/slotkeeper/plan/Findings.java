package io.slotkeeper.plan;

import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.PodView;
import io.slotkeeper.observe.PodView.Trouble;
import io.slotkeeper.observe.Sight;
import io.slotkeeper.plan.Finding.Kind;
import io.slotkeeper.redis.ClusterNode;
import io.slotkeeper.redis.RedisUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What keeps the cluster from being as it should, in words for its user. */
final class Findings {

  private Findings() {}

  static List<Finding> of(Situation situation, Health health) {
    List<Finding> findings = new ArrayList<>();
    situation.roster().strangers().forEach(peer -> findings.add(stranger(situation, peer)));
    Set<String> masters =
        Failovers.missing(situation).stream()
            .flatMap(lost -> lost.pod().stream())
            .map(member -> member.pod().name())
            .collect(Collectors.toSet());
    situation.roster().absent().stream()
        .map(member ->
            situation.view().isCut(member.pod().node())
                ? new Absent(member.pod().name(), hostCut(member))
                : absent(member))
        .filter(f -> f.finding().kind() != Kind.WAITING || !masters.contains(f.pod()))
        .forEach(f -> findings.add(f.finding()));
    for (String pod : situation.topology().pods()) {
      if (situation.view().pod(pod).isEmpty()) {
        findings.add(new Finding(Kind.WAITING, "Pod " + pod + " does not exist yet."));
      }
    }
    losses(situation, findings);
    for (Peer peer : situation.peers()) {
      String error = peer.snapshot().diskError();
      if (error != null) {
        findings.add(disk(peer, error));
      }
      if (peer.isMaster() && peer.snapshot().keys() > 0 && !situation.ownership().owns(peer.id())) {
        findings.add(strayKeys(peer));
      }
    }
    findings.addAll(ClaimFindings.of(situation));
    if (situation.formed()) {
      health.shards().stream()
          .filter(shard -> shard.master() != null)
          .forEach(shard -> shard.behind().forEach(pod -> findings.add(behind(shard, pod))));
    }
    if (situation.formed() && situation.complete() && !health.agreed()) {
      findings.add(new Finding(Kind.DISAGREEMENT, "The servers do not see the cluster alike yet."));
    }
    return findings;
  }

  private static Finding stranger(Situation situation, Peer peer) {
    ClusterNode self = peer.self();
    boolean copy =
        situation.roster().strangers().stream().filter(p -> p.id().equals(peer.id())).count() > 1;
    String claim = "data-" + peer.pod().name();
    return new Finding(
        Kind.FOREIGN_NODE,
        "Pod %s holds a node that is not known to belong here: id %s, %d keys, %d slots, %d known nodes%s. "
                .formatted(
                    peer.pod().name(),
                    peer.id().brief(),
                    peer.snapshot().keys(),
                    self.slots().size(),
                    peer.snapshot().table().nodes().size(),
                    copy ? "; another pod has the same id, so a volume was copied" : "")
            + "Nothing is touched. If the data on claim %s is not wanted, delete the claim and then the pod; "
                .formatted(claim)
            + "if it belongs to this Redis, annotate the claim with slotkeeper.io/node-id=%s."
                .formatted(peer.id()));
  }

  private record Absent(String pod, Finding finding) {}

  private static Absent absent(Member member) {
    return new Absent(member.pod().name(), why(member));
  }

  private static Finding hostCut(Member member) {
    return new Finding(
        Kind.HOST_CUT,
        "Kubernetes node %s is not Ready, and the server in pod %s does not answer; it may still run there. If that machine is off for good, say so with `kubectl taint node %s node.kubernetes.io/out-of-service=nodeshutdown:NoExecute`, and the pod starts elsewhere."
            .formatted(member.pod().node(), member.pod().name(), member.pod().node()));
  }

  private static Finding why(Member member) {
    Trouble trouble = member.pod().trouble();
    // One that runs again has got over it.
    boolean over =
        trouble != null
            && trouble.kind() == Trouble.Kind.OUT_OF_MEMORY
            && member.pod().container() == PodView.Container.RUNNING;
    if (trouble != null && !over) {
      Kind kind =
          switch (trouble.kind()) {
            case UNSCHEDULABLE -> Kind.UNSCHEDULABLE;
            case IMAGE -> Kind.IMAGE;
            case CRASHING -> Kind.CRASHING;
            case CONFIG -> Kind.POD_CONFIGURATION;
            case OUT_OF_MEMORY -> Kind.OUT_OF_MEMORY;
          };
      String end = trouble.message().endsWith(".") ? "" : ".";
      return new Finding(kind, "Pod " + member.pod().name() + ": " + trouble.message() + end);
    }
    if (member.sight() instanceof Sight.Unseen unseen
        && unseen.kind() == RedisUnavailableException.Kind.DENIED) {
      return new Finding(
          Kind.WRONG_PASSWORD,
          "The server in pod %s does not take the password of the Secret. Put the password it was started with back into the Secret, or delete the pod so that it starts with the new one."
              .formatted(member.pod().name()));
    }
    if (member.sight() instanceof Sight.Unseen unseen
        && unseen.kind() == RedisUnavailableException.Kind.LOADING) {
      // Its message begins with the address, which is nothing to tell.
      String progress = unseen.message().replaceFirst("^.*reading its data set", "");
      return new Finding(
          Kind.WAITING,
          "The server in pod %s is loading its data%s.".formatted(member.pod().name(), progress));
    }
    if (member.sight() instanceof Sight.Unseen unseen
        && unseen.kind() == RedisUnavailableException.Kind.REFUSED
        && member.pod().container() == PodView.Container.RUNNING) {
      return new Finding(
          Kind.WAITING,
          "The server in pod %1$s does not listen yet; what it waits for is in its log: `kubectl logs %1$s -c redis`."
              .formatted(member.pod().name()));
    }
    return new Finding(
        Kind.WAITING, "The server in pod " + member.pod().name() + " does not answer yet.");
  }

  private static void losses(Situation situation, List<Finding> findings) {
    List<Failovers.Missing> missing = Failovers.missing(situation);
    int masters = situation.ownership().owners().size();
    if (!missing.isEmpty() && !Failovers.hasMajority(situation, missing.size())) {
      findings.add(
          new Finding(
              Kind.MAJORITY_LOST,
              "%d of %d masters are away, so the others cannot vote. Those that are proven dead are replaced one by one, the rest is waited for."
                  .formatted(missing.size(), masters)));
    }
    Losses.finding(situation).ifPresent(findings::add);
    for (Failovers.Missing lost : missing) {
      String where =
          lost.pod().map(m -> "pod " + m.pod().name()).orElse("node " + lost.master().brief());
      if (!Losses.isLost(situation, lost) || Formation.isEmpty(situation)) {
        findings.add(
            new Finding(
                Kind.MASTER_DOWN,
                "The master of slots %s (%s) does not answer%s."
                    .formatted(
                        situation.ownership().of(lost.master()),
                        where,
                        lost.evidence().map(e -> ": " + e).orElse(""))));
      }
    }
  }

  private static Finding behind(Health.Shard shard, String pod) {
    return new Finding(
        Kind.REPLICA_DOWN,
        "Pod %s is not in sync with its master %s yet.".formatted(pod, shard.master()));
  }

  private static Finding disk(Peer peer, String error) {
    return new Finding(
        Kind.DISK,
        "The server in pod %s cannot write its data to its volume (%s), and as long as that is so it takes no writes. Mostly the volume is full: raise spec.storage.resources.requests.storage; its log says more."
            .formatted(peer.pod().name(), error));
  }

  private static Finding strayKeys(Peer peer) {
    return new Finding(
        Kind.STRAY_KEYS,
        "The node in pod %s is a master without slots that holds %d keys. It is left alone, for they may be the only copy. If they are not needed, delete the claim data-%s and then the pod."
            .formatted(peer.pod().name(), peer.snapshot().keys(), peer.pod().name()));
  }
}
