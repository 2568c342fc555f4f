package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.livesettings.LiveSettings.Missing;
import io.slotkeeper.livesettings.LiveSettings.MissingReason;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingProblemsTest {
  private static Missing missing(String pod, String setting, MissingReason reason, String detail) {
    return new Missing(pod, setting, "v", reason, detail);
  }

  @Test
  void aRefusalIsReportedInTheServersWordsWithoutAdviceToDeleteAPod() {
    List<Missing> missing =
        List.of(
            missing("p0", "maxmemory", MissingReason.REFUSED, "argument must be a memory value"),
            missing("p1", "maxmemory", MissingReason.REFUSED, "argument must be a memory value"));

    Problem problem = SettingProblems.refused(missing).orElseThrow();

    assertThat(problem.reason()).isEqualTo(Reason.SettingRefused);
    assertThat(problem.message())
        .contains("maxmemory 'v': p0 says: argument must be a memory value.")
        .doesNotContain("p1")
        .doesNotContainIgnoringCase("delete");
    assertThat(SettingProblems.others(missing, 1)).isEmpty();
  }

  @Test
  void aRestartIsAdvisedOnlyWhereAnotherCopyStays() {
    List<Missing> missing =
        List.of(missing("p0", "databases", MissingReason.IMMUTABLE, "can't set immutable config"));

    assertThat(SettingProblems.refused(missing)).isEmpty();
    assertThat(SettingProblems.others(missing, 1).orElseThrow().message())
        .contains(
            "Delete these pods one at a time, each when all pods are Ready and ReplicasAttached is True: p0.");
    assertThat(SettingProblems.others(missing, 0).orElseThrow().message())
        .contains("loses its data")
        .doesNotContain("Delete these");
  }

  @Test
  void whatWouldEvictKeysIsReported() {
    Problem problem =
        SettingProblems.others(List.of(missing("p0", "maxmemory", MissingReason.KEPT, "200")), 1)
            .orElseThrow();

    assertThat(problem.reason()).isEqualTo(Reason.SettingKept);
    assertThat(problem.message()).endsWith("maxmemory of p0 is 200, not v.");
  }
}
