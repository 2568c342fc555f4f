package io.slotkeeper.report;

import io.slotkeeper.model.Finding;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.reasons.Reasons;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the planner and the API server found wrong, in words. */
record Degradation(List<Finding> findings) {

  static Degradation of(StatusInput report) {
    return new Degradation(
        Stream.concat(report.reported().stream(), report.plan().findings().stream()).toList());
  }

  /** The first that only the user, or a client, can end. */
  Optional<Finding> needingUser() {
    return findings.stream().filter(finding -> finding.kind().needsUser()).findFirst();
  }

  Optional<Reason> reason() {
    return findings.stream().map(finding -> Reasons.of(finding.kind())).findFirst();
  }

  /** One of each kind: six pods that lack one image are one thing to know. */
  String text() {
    Map<Finding.Kind, String> shown = new LinkedHashMap<>();
    findings.forEach(finding -> shown.putIfAbsent(finding.kind(), finding.message()));
    String text = String.join(" ", shown.values());
    int more = findings.size() - shown.size();
    return more == 0 ? text : text + " (and " + more + " more)";
  }
}
