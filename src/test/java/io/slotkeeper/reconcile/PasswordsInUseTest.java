package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.Remembered;
import io.slotkeeper.observe.ServerAnswer;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.testing.NodeSnapshots;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What servers accept is found, whatever becomes of the Secrets. */
class PasswordsInUseTest {
  private static final String UID = "uid";

  private final Map<String, String> secrets = new HashMap<>(Map.of("r-auth", "old"));
  private final List<Pod> pods = List.of(pod("r-auth"));
  private PasswordsInUse passwordsInUse = new PasswordsInUse();
  private String takenByServers = "old";

  private static Pod pod(String secret) {
    return new PodBuilder()
        .withNewSpec()
        .addNewContainer()
        .withName("redis")
        .addNewEnv()
        .withName("REDISCLI_AUTH")
        .withNewValueFrom()
        .withNewSecretKeyRef("password", secret, null)
        .endValueFrom()
        .endEnv()
        .endContainer()
        .endSpec()
        .build();
  }

  /** That mounts its password. */
  private static Pod pod() {
    return new PodBuilder()
        .withNewSpec()
        .addNewVolume()
        .withName("secrets")
        .withNewProjected()
        .addNewSource()
        .withNewSecret()
        .withName("r-server")
        .endSecret()
        .endSource()
        .endProjected()
        .endVolume()
        .endSpec()
        .build();
  }

  /** One pass; true if the servers took the password. */
  private boolean pass(String wished, List<Pod> running) {
    String used =
        passwordsInUse.choose(
            UID,
            wished,
            Optional.ofNullable(secrets.get("r-server")),
            running,
            name -> Optional.ofNullable(secrets.get(name)));
    boolean taken = used.equals(takenByServers);
    passwordsInUse.observe(UID, view(running.isEmpty() ? List.of() : List.of(sight(taken))));
    return taken;
  }

  private static ServerAnswer sight(boolean taken) {
    if (!taken) {
      return new ServerAnswer.Failed(Kind.WRONG_PASSWORD, "it does not take this password", false);
    }
    return new ServerAnswer.Answered(
        NodeSnapshots.of(NodeSnapshots.alone(), NodeSnapshot.Engine.REDIS, "8.0.6"));
  }

  private static ClusterView view(List<ServerAnswer> sights) {
    return new ClusterView(
        Instant.EPOCH,
        sights.stream()
            .map(sight ->
                new Member(
                    new PodState(
                        "r-shard0-0",
                        "uid of pod",
                        0,
                        0,
                        "10.0.0.1",
                        null,
                        Instant.EPOCH,
                        false,
                        true,
                        PodState.Container.RUNNING,
                        null),
                    sight))
            .toList(),
        Remembered.NONE,
        Set.of());
  }

  @Test
  void theSecretsPasswordIsUsedFromTheStart() {
    assertThat(pass("old", List.of())).isTrue();
    assertThat(pass("old", pods)).isTrue();
  }

  @Test
  void serversAreLoggedInToWithTheirOldPasswordAfterTheSecretChanged() {
    pass("old", pods);
    secrets.put("r-auth", "new");

    assertThat(pass("new", pods)).isTrue();
  }

  @Test
  void aRestartedOperatorFindsTheOldSecretInThePods() {
    secrets.put("mine", "new");
    passwordsInUse = new PasswordsInUse();

    assertThat(pass("new", pods)).isFalse();
    assertThat(pass("new", pods)).as("the Secret that the pods name").isTrue();
    assertThat(pass("new", pods)).isTrue();
  }

  @Test
  void whatServersStartWithIsTriedFirst() {
    secrets.put("r-server", "old");

    assertThat(pass("new", List.of(pod()))).isTrue();
    assertThat(passwordsInUse.taken(UID)).isTrue();
  }

  /** The former one is about to be refused. */
  @Test
  void whenTheSecretOfTheServersChangesTheNewOneIsUsedAtOnce() {
    secrets.put("r-server", "old");
    pass("new", List.of(pod()));
    secrets.put("r-server", "new");
    takenByServers = "new";

    assertThat(pass("new", List.of(pod()))).isTrue();
    secrets.remove("r-server");
    assertThat(pass("other", List.of(pod()))).as("it is gone").isTrue();
  }

  /** Someone has changed it by hand, say. */
  @Test
  void whatServersDoNotAcceptIsNotTriedForEver() {
    secrets.put("r-server", "none of them");

    assertThat(pass("old", List.of(pod()))).isFalse();
    assertThat(passwordsInUse.taken(UID)).isFalse();
    assertThat(pass("old", List.of(pod()))).isTrue();
  }

  @Test
  void onceTheServersHaveStartedWithTheNewOneItIsTaken() {
    pass("old", pods);
    pass("new", pods);
    takenByServers = "new";

    assertThat(pass("new", pods)).as("the old one is tried first").isFalse();
    assertThat(pass("new", pods)).isTrue();
  }

  @Test
  void afterAStopTheWantedOneIsUsed() {
    pass("old", pods);
    pass("new", List.of());
    takenByServers = "new";

    assertThat(pass("new", pods)).isTrue();
  }

  /** It is not known any more: each known one is tried in turn, for it may be put back. */
  @Test
  void aPasswordThatIsPutBackIsFound() {
    secrets.put("r-auth", "new");
    assertThat(pass("new", pods)).isFalse();
    assertThat(pass("new", pods)).isFalse();
    secrets.put("r-auth", "old");

    boolean first = pass("old", pods);
    boolean second = pass("old", pods);

    assertThat(first || second).isTrue();
  }

  @Test
  void aServerThatSaysNothingChangesNothing() {
    pass("old", pods);
    passwordsInUse.observe(
        UID, view(List.of(new ServerAnswer.Failed(Kind.TIMEOUT, "no answer", false))));

    assertThat(pass("new", pods)).isTrue();
  }
}
