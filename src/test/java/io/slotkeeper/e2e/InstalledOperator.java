package io.slotkeeper.e2e;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.slotkeeper.testing.Program;
import io.slotkeeper.testing.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The operator, installed by its chart as {@code dev/quickstart} does it, with its own
 * ServiceAccount. The image {@code local/slotkeeper:dev} must be on the nodes. One that was there
 * before stays, on what this source tree's chart says.
 */
public final class InstalledOperator implements AutoCloseable {
  static final String NAMESPACE = "slotkeeper-system";
  static final String NAME = "slotkeeper";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final TestCluster cluster;
  private final boolean wasThere;

  private InstalledOperator(TestCluster cluster, boolean wasThere) {
    this.cluster = cluster;
    this.wasThere = wasThere;
  }

  static InstalledOperator install() {
    TestCluster cluster = TestCluster.get(); // installs the CRDs
    boolean wasThere =
        cluster.client().apps().deployments().inNamespace(NAMESPACE).withName(NAME).get() != null;
    var operator = new InstalledOperator(cluster, wasThere);
    operator.run(
        "helm upgrade --install slotkeeper deploy/helm/slotkeeper --skip-crds --create-namespace"
            + " --namespace slotkeeper-system --values dev/cluster/values.yaml");
    if (wasThere) {
      // The tag stays the same, so a new build would go unnoticed.
      operator.run("kubectl rollout restart deployment slotkeeper -n slotkeeper-system");
    }
    operator.run(
        "kubectl rollout status deployment slotkeeper -n slotkeeper-system --timeout="
            + PATIENCE.toSeconds()
            + "s");
    operator.awaitOneGeneration();
    return operator;
  }

  /** Pods of a former rollout are gone: there is only this build to be seen. */
  private void awaitOneGeneration() {
    await()
        .atMost(PATIENCE)
        .until(() -> pods().size() == 2 && pods().stream().allMatch(Readiness::isPodReady));
  }

  public KubernetesClient client() {
    return cluster.client();
  }

  public List<Pod> pods() {
    return client()
        .pods()
        .inNamespace(NAMESPACE)
        .withLabel("app.kubernetes.io/name", NAME)
        .list()
        .getItems();
  }

  /** The name of the pod that acts; empty while there is none. */
  public String leader() {
    var lease =
        client()
            .resources(io.fabric8.kubernetes.api.model.coordination.v1.Lease.class)
            .inNamespace(NAMESPACE)
            .withName(NAME)
            .get();
    String holder = lease == null ? null : lease.getSpec().getHolderIdentity();
    return holder == null ? "" : holder;
  }

  /** Ends a pod of the operator without a word: no signal that it could answer. */
  public void kill(String pod) {
    client().pods().inNamespace(NAMESPACE).withName(pod).withGracePeriod(0).delete();
  }

  /** Has so many of it from now on, which is not waited for. */
  public void scale(int replicas) {
    client().apps().deployments().inNamespace(NAMESPACE).withName(NAME).scale(replicas);
  }

  /** What all its pods have logged since they started. */
  public String log() {
    StringBuilder log = new StringBuilder();
    for (Pod pod : pods()) {
      log.append(
          client().pods().inNamespace(NAMESPACE).withName(pod.getMetadata().getName()).getLog());
    }
    return log.toString();
  }

  private void run(String command) {
    var words = new ArrayList<>(List.of(command.split(" ")));
    Program.run(cluster.environment(), words).orFail();
  }

  @Override
  public void close() {
    if (!wasThere) {
      run("helm uninstall slotkeeper --namespace slotkeeper-system --wait");
      run("kubectl delete namespace slotkeeper-system --wait=false");
    }
  }
}
