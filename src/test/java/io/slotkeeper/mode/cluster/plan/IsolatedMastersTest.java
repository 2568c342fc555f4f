package io.slotkeeper.mode.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Taint;
import io.slotkeeper.model.Finding;
import io.slotkeeper.model.Finding.Kind;
import io.slotkeeper.model.KubernetesNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The machine that a master was on decides whether it may still run. */
class IsolatedMastersTest {
  private static final KubernetesNode OFF =
      new KubernetesNode(
          "node-7",
          false,
          false,
          null,
          Map.of(),
          List.of(new Taint("NoExecute", "node.kubernetes.io/out-of-service", null, "shut")));

  @Test
  void withoutAMajorityAPodThatIsGoneIsNoProofWhileAMachineIsCutOff() {
    Views views = FailoversTest.away(pod -> pod.absent = true).with(1, 0, pod -> pod.absent = true);
    views.with(1, 1, FailoversTest.broken(0)).with(1, 2, FailoversTest.broken(0));
    assertThat(FailoversTest.takeovers(views)).hasSize(1);

    views.host(new KubernetesNode("node-7", false, false));
    assertThat(FailoversTest.takeovers(views)).as("it was never there").hasSize(1);

    views.ranOn(0, 0, "node-0", "node-7").ranOn(1, 0, "node-7");
    assertThat(FailoversTest.takeovers(views)).isEmpty();
    assertThat(views.plan().findings()).extracting(Finding::kind).contains(Kind.MAJORITY_LOST);
  }

  @Test
  void aMachineThatIsDeclaredToBeOffHasNoServer() {
    Views views = FailoversTest.away(pod -> pod.absent = true).with(1, 0, pod -> pod.absent = true);
    views.with(1, 1, FailoversTest.broken(0)).with(1, 2, FailoversTest.broken(0));
    views.ranOn(0, 0, "node-7").ranOn(1, 0, "node-7");
    views.host(OFF);

    assertThat(FailoversTest.takeovers(views)).hasSize(1);
  }

  @Test
  void whereItIsNotRememberedWhereItRanAllMachinesCount() {
    Views views = FailoversTest.away(pod -> pod.absent = true).with(1, 0, pod -> pod.absent = true);
    views
        .with(1, 1, FailoversTest.broken(0))
        .with(1, 2, FailoversTest.broken(0))
        .ranOn(0, 0)
        .ranOn(1, 0);
    views.host(new KubernetesNode("node-7", false, false));

    assertThat(FailoversTest.takeovers(views)).isEmpty();
  }

  /** Its container elsewhere says nothing of the server that it left on the other machine. */
  @Test
  void aPodThatWasPlacedAgainMayHaveLeftItsServerBehind() {
    Views views = FailoversTest.away(FailoversTest::lost).with(1, 0, FailoversTest::lost);
    views
        .with(1, 1, FailoversTest.broken(0))
        .with(1, 2, FailoversTest.broken(0))
        .host(new KubernetesNode("node-7", false, false));
    views.ranOn(0, 0, "node-7", "node-0").ranOn(1, 0, "node-7", "node-0");

    assertThat(FailoversTest.takeovers(views)).isEmpty();
  }

  @Test
  void theMajorityVotesAboutAPodThatIsGone() {
    Views views =
        FailoversTest.away(pod -> pod.absent = true)
            .host(new KubernetesNode("node-7", false, false));

    assertThat(FailoversTest.failovers(views)).hasSize(1);
  }

  @Test
  void aServerThatRefusesIsDeadWhateverIsCutOff() {
    Views views = FailoversTest.away(FailoversTest::lost).with(1, 0, FailoversTest::lost);
    views
        .with(1, 1, FailoversTest.broken(0))
        .with(1, 2, FailoversTest.broken(0))
        .host(new KubernetesNode("node-7", false, false));

    assertThat(FailoversTest.takeovers(views)).hasSize(1);
  }
}
