package io.slotkeeper.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.slotkeeper.e2e.InstalledOperator;
import io.slotkeeper.e2e.Space;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Takes the operator away, in the middle of whatever it is at. */
final class Operators {
  private static final int REPLICAS = 2;

  /** What happens to it. */
  enum Fate {
    STAYS,
    /** kill -9 of the one that leads: the other one follows. */
    KILLED,
    /** There is none at all for some seconds. */
    ABSENT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final InstalledOperator operator;

  Operators(InstalledOperator operator) {
    this.operator = operator;
  }

  /** Says what was done. */
  List<String> killLeader() {
    List<String> done = new ArrayList<>();
    String leader = operator.leader();
    for (Pod pod : operator.pods()) {
      if (pod.getMetadata().getName().equals(leader)) {
        boolean again =
            pod.getStatus().getContainerStatuses().stream()
                .mapToInt(ContainerStatus::getRestartCount)
                .anyMatch(restarts -> restarts > 0);
        if (!LocalCluster.runs(pod, "java")) {
          done.add("the operator in " + leader + " was about to go anyway"); // its node is drained
          continue;
        }
        LocalCluster.kill(pod, Set.of("java"));
        if (again) {
          // The kubelet would let it wait: a new pod is new.
          operator.kill(leader);
        }
        done.add("kill -9 of the operator in " + leader);
      }
    }
    return done;
  }

  /** Returns when there is none. */
  void leave() {
    operator.scale(0);
    Space.awaitAsserted(() -> assertThat(operator.pods()).isEmpty());
  }

  /** Whether one of those that are there leads; before that, all statuses may be old. */
  boolean leads() {
    String leader = operator.leader();
    return operator.pods().stream().anyMatch(pod -> pod.getMetadata().getName().equals(leader));
  }

  /** Does not wait for it. */
  void comeBack() {
    operator.scale(REPLICAS);
  }
}
