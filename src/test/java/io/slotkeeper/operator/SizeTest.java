package io.slotkeeper.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.slotkeeper.api.ClusterSpec;
import io.slotkeeper.status.Reason;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SizeTest {
  private static final StatefulSet SHARD =
      new StatefulSetBuilder().withNewSpec().withReplicas(2).endSpec().build();

  private static ClusterSpec asked(int masters, int replicas) {
    return new ClusterSpec(masters, replicas, null, null);
  }

  @Test
  void isAsAskedUpToTheLimit() {
    assertThat(Size.of(asked(150, 1), List.of(), 300))
        .isEqualTo(new Size(150, 1, Optional.empty()));
  }

  @Test
  void aLargerOneStaysAsItIsAndTheLimitIsNamed() {
    Size size = Size.of(asked(1000, 6), Collections.nCopies(3, SHARD), 300);

    assertThat(size.masters()).isEqualTo(3);
    assertThat(size.replicas()).isEqualTo(1);
    assertThat(size.problem().orElseThrow().reason()).isEqualTo(Reason.TooManyServers);
    assertThat(size.problem().orElseThrow().message())
        .contains("asks for 7000 servers", "300", "settings.maxServers");
  }

  @Test
  void aNewOneThatIsTooLargeIsNotBegun() {
    assertThat(Size.of(asked(301, 0), List.of(), 300).masters()).isEqualTo(1);
  }
}
