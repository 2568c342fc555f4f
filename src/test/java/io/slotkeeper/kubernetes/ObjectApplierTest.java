package io.slotkeeper.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.slotkeeper.kubernetes.ObjectApplier.Effect;
import io.slotkeeper.kubernetes.ObjectApplier.Result;
import io.slotkeeper.redis.Fanout;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.Owner;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ObjectApplierTest {
  private static final Owner OWNER = new Owner("x", "uid");
  private static final Owner OTHER = new Owner("left", "left-uid");

  private final FakeObjectApi objects = new FakeObjectApi();
  private final ObjectApplier applier =
      new ObjectApplier(
          objects,
          new Fanout() {
            @Override
            public <T, R> List<R> map(
                Collection<T> items, Function<? super T, ? extends R> function) {
              return items.stream().<R>map(function).toList();
            }
          },
          () -> Instant.EPOCH);

  @Test
  void whatIsNotThereIsCreatedOnce() {
    Result result = apply(service("x"), null);

    assertThat(result.effect()).isEqualTo(Effect.CREATED);
    assertThat(objects.calls).containsExactly("create Service x");
    assertThat(applied(service("x"), objects.get(service("x")).orElseThrow())).isEmpty();
  }

  /** It has no labels of ours, so no cache of ours has it. */
  @Test
  void whatAnApplicationHasIsNotAppliedTo() {
    Service shop =
        objects.add(
            new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("ns")
                .withName("x")
                .endMetadata()
                .withNewSpec()
                .withSelector(Map.of("app", "web"))
                .endSpec()
                .build());

    Result result = apply(service("x"), null);

    assertThat(result.effect()).isEqualTo(Effect.NAME_TAKEN);
    assertThat(result.message()).startsWith("it has no owner, and not both labels");
    assertThat(objects.get(service("x"))).contains(shop);
    assertThat(objects.calls).noneMatch(call -> call.startsWith("apply"));
  }

  @Test
  void whatAnotherRedisHasStaysWithIt() {
    Service others = objects.add(service("x-gvr", OTHER.reference()));

    for (Service cached : new Service[] {others, null}) {
      Result result = apply(service("x-gvr"), cached);

      assertThat(result.effect()).isEqualTo(Effect.NAME_TAKEN);
      assertThat(result.message()).isEqualTo("its owner is Redis left");
      assertThat(objects.get(service("x-gvr"))).contains(others);
    }
  }

  @Test
  void ofTwoThatBothFindNothingTheFirstHasIt() {
    assertThat(apply(service("x", OWNER.reference()), null).created()).isTrue();

    Result second =
        applier
            .apply(OTHER, List.of(service("x", OTHER.reference())), _ -> Optional.empty())
            .getFirst();

    assertThat(second.effect()).isEqualTo(Effect.NAME_TAKEN);
    assertThat(second.message()).isEqualTo("its owner is Redis x");
  }

  /** Found on a cluster: what an orphaning deletion had spared was removed with the Redis. */
  @Test
  void whatHasLostItsOwnerGetsItBackOnlyIfTheRedisStays() {
    Service orphan = service("x");
    orphan.getMetadata().setLabels(Labels.of("x"));
    Service kept = objects.add(orphan);
    objects.leaving = true;
    assertThat(apply(service("x", OWNER.reference()), kept).effect()).isEqualTo(Effect.CONFLICT);
    assertThat(objects.get(service("x"))).contains(kept);

    objects.leaving = false;

    assertThat(apply(service("x", OWNER.reference()), kept).effect()).isEqualTo(Effect.APPLIED);
  }

  @Test
  void whatHasChangedIsPutRight() {
    Service own = objects.add(service("x", OWNER.reference()));

    assertThat(apply(service("x"), own).effect()).isEqualTo(Effect.APPLIED);
    assertThat(objects.calls).containsExactly("apply Service x");
  }

  @Test
  void aCacheThatLagsBehindDoesNoHarm() {
    objects.add(service("x", OWNER.reference()));

    assertThat(apply(service("x"), null).effect()).isEqualTo(Effect.APPLIED);
  }

  /** What is left by {@code kubectl delete --cascade=orphan}. */
  @Test
  void whatHasTheLabelsAndNoOwnerIsAdopted() {
    Service orphan = objects.add(service("x"));

    assertThat(apply(service("x", OWNER.reference()), orphan).effect()).isEqualTo(Effect.APPLIED);
    assertThat(objects.get(service("x")).orElseThrow().getMetadata().getOwnerReferences())
        .containsExactly(OWNER.reference());
  }

  @Test
  void whatADeletedRedisOfTheNameHadIsWaitedFor() {
    Service former = objects.add(service("x", new Owner("x", "old").reference()));

    assertThat(apply(service("x", OWNER.reference()), former).effect()).isEqualTo(Effect.LEAVING);
    objects.remove(former);
    assertThat(apply(service("x", OWNER.reference()), null).effect()).isEqualTo(Effect.CREATED);
  }

  /** The cache still has ours, and a stranger has the name by now. */
  @Test
  void whatHasComeToHaveTheNameIsNotTouched() {
    Service own = objects.add(service("x", OWNER.reference()));
    objects.remove(own);
    Service stranger = objects.add(service("x", controller("Deployment", "web")));

    assertThat(apply(service("x"), own).effect()).isEqualTo(Effect.CONFLICT);
    assertThat(objects.get(service("x"))).contains(stranger);
  }

  @Test
  void aSecretThatItsUserHasJustChangedIsNotWrittenOver() {
    Secret read = objects.add(secret("before"));
    Secret changed = objects.add(new SecretBuilder(read).addToData("password", "changed").build());

    assertThat(apply(secret("before"), read).effect()).isEqualTo(Effect.CONFLICT);
    assertThat(objects.get(read)).contains(changed);
  }

  @Test
  void whatTheApiServerSaysIsReported() {
    objects.refuse("Service");

    Result result = apply(service("x"), null);

    assertThat(result.effect()).isEqualTo(Effect.REFUSED);
    assertThat(result.refusal()).isEqualTo("exceeded quota");
  }

  private Result apply(HasMetadata wanted, @Nullable HasMetadata cached) {
    List<Result> results = applied(wanted, cached);
    assertThat(results).hasSize(1);
    return results.getFirst();
  }

  private List<Result> applied(HasMetadata wanted, @Nullable HasMetadata cached) {
    return applier.apply(OWNER, List.of(wanted), _ -> Optional.ofNullable(cached));
  }

  private static Service service(String name, OwnerReference... owners) {
    return new ServiceBuilder()
        .withMetadata(meta(name, owners))
        .withNewSpec()
        .withSelector(Map.of("slotkeeper.io/redis", "x"))
        .endSpec()
        .build();
  }

  private static Secret secret(String password) {
    return new SecretBuilder()
        .withMetadata(meta("x-auth"))
        .withType("kubernetes.io/basic-auth")
        .addToData("password", password)
        .build();
  }

  private static OwnerReference controller(String kind, String name) {
    return new OwnerReferenceBuilder()
        .withApiVersion("apps/v1")
        .withKind(kind)
        .withName(name)
        .withUid(name + "-uid")
        .withController(true)
        .build();
  }

  private static ObjectMeta meta(String name, OwnerReference... owners) {
    return new ObjectMetaBuilder()
        .withNamespace("ns")
        .withName(name)
        .withLabels(Labels.of("x"))
        .withOwnerReferences(owners)
        .build();
  }
}
