package io.slotkeeper.reasons;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NamespacedCommandsTest {

  @Test
  void aCommandNamesTheNamespaceOnce() {
    String once =
        NamespacedCommands.inNamespace("shop", "See `kubectl logs x-0`, or `kubectl get rd x`.");

    assertThat(once).isEqualTo("See `kubectl -n shop logs x-0`, or `kubectl -n shop get rd x`.");
    assertThat(NamespacedCommands.inNamespace("shop", once)).isEqualTo(once);
  }

  @Test
  void aKubernetesNodeHasNoNamespace() {
    String taint = "`kubectl taint node n1 a=b:NoExecute` lets the pod start elsewhere.";

    assertThat(NamespacedCommands.inNamespace("shop", taint)).isEqualTo(taint);
  }
}
