package io.slotkeeper.mode.standalone.plan;

import io.slotkeeper.model.Finding;
import io.slotkeeper.model.Finding.Kind;
import io.slotkeeper.observe.Member;
import io.slotkeeper.plan.ClaimFindings;
import io.slotkeeper.plan.Health;
import io.slotkeeper.plan.UnavailableServers;
import java.util.ArrayList;
import java.util.List;

/** What keeps a Standalone from being as it should be. */
final class StandaloneFindings {

  private StandaloneFindings() {}

  static List<Finding> of(StandaloneModel model, Lead lead, Health health) {
    List<Finding> findings = new ArrayList<>();
    if (lead instanceof Lead.Undecided(Finding finding)) {
      findings.add(finding);
    }
    if (lead instanceof Lead.Stuck(_, Finding finding)) {
      findings.add(finding);
    }
    for (Member member : model.view().members()) {
      if (member.snapshot().isEmpty() && !member.pod().terminating()) {
        findings.add(UnavailableServers.finding(model, member));
      } else if (member.snapshot().filter(seen -> seen.isCluster()).isPresent()) {
        findings.add(
            new Finding(
                Kind.SERVER_ERROR,
                "The server in pod %s runs with cluster support on, which this mode has not. It is left alone. If its data is not needed, delete the pod."
                    .formatted(member.pod().name())));
      }
    }
    long missing =
        model.topology().pods().stream().filter(pod -> model.view().pod(pod).isEmpty()).count();
    if (missing > 0) {
      findings.add(new Finding(Kind.WAITING, "%d pods do not exist yet.".formatted(missing)));
    }
    for (Health.Shard shard : health.shards()) {
      if (shard.master() != null) {
        shard
            .behind()
            .forEach(pod ->
                findings.add(
                    new Finding(
                        Kind.REPLICA_DOWN,
                        "Pod %s is not in sync with its primary %s yet."
                            .formatted(pod, shard.master()))));
      }
    }
    model.servers().stream()
        .filter(server -> server.snapshot().diskError() != null)
        .map(server ->
            UnavailableServers.disk(
                model, server.pod(), String.valueOf(server.snapshot().diskError())))
        .forEach(findings::add);
    findings.addAll(ClaimFindings.of(model));
    return findings;
  }
}
