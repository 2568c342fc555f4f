package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.SecretProjection;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ServerSecretTest {

  @Test
  void aPodNamesNoSecretThatCanChange() {
    PodSpec pod = template("tutorial");

    assertThat(ServerSecret.namesIn(pod)).containsExactly("redis-cluster-server");
    assertThat(pod.toString()).doesNotContain("redis-cluster-auth", "REDISCLI_AUTH");
  }

  /** So authentication and certificates come and go without a change of it. */
  @Test
  void theMountIsTheSameWithAndWithoutAPassword() {
    for (String name : List.of("everything-set", "ephemeral-no-auth-one-shard", "sentinel")) {
      List<SecretProjection> secrets = projected(template(name));

      assertThat(secrets)
          .extracting(
              secret -> secret.getName().replaceFirst("^.*-", ""), SecretProjection::getOptional)
          .containsExactly(tuple("server", null), tuple("tls", true));
      assertThat(secrets.getFirst().getItems()).as("every key, of now and of later").isEmpty();
      assertThat(secrets.getLast().getItems())
          .extracting(KeyToPath::getPath)
          .containsExactly("tls.crt", "tls.key", "ca.crt");
    }
  }

  @Test
  void anOlderPodNamesItInItsEnvironment() {
    PodSpec older =
        new PodSpecBuilder()
            .addNewContainer()
            .withName("redis")
            .addNewEnv()
            .withName("REDISCLI_AUTH")
            .withNewValueFrom()
            .withNewSecretKeyRef("password", "mine", null)
            .endValueFrom()
            .endEnv()
            .endContainer()
            .build();

    assertThat(ServerSecret.namesIn(older)).containsExactly("mine");
    assertThat(ServerSecret.namesIn(new PodSpec())).isEmpty();
  }

  @Test
  void noPasswordIsAnEmptyOne() {
    assertThat(
            ServerSecret.of(
                    Case.named("ephemeral-no-auth-one-shard").blueprint(),
                    ServerPasswords.of("", ""))
                .getData())
        .isEqualTo(Map.of("password", ""));
  }

  private static PodSpec template(String name) {
    return ShardStatefulSet.of(Case.named(name).blueprint(), 0).getSpec().getTemplate().getSpec();
  }

  private static List<SecretProjection> projected(PodSpec pod) {
    return pod.getVolumes().stream()
        .filter(volume -> volume.getProjected() != null)
        .flatMap(volume -> volume.getProjected().getSources().stream())
        .map(VolumeProjection::getSecret)
        .flatMap(Stream::ofNullable)
        .toList();
  }
}
