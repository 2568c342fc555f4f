package io.slotkeeper.status;

import io.slotkeeper.plan.Finding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What was found wrong, by the planner and by the API server, in words. */
record Troubles(List<Finding> findings) {

  static Troubles of(Report report) {
    return new Troubles(
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
