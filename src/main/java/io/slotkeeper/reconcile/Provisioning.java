package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.slotkeeper.kubernetes.ExporterObjects;
import io.slotkeeper.kubernetes.ObjectApplier;
import io.slotkeeper.kubernetes.ObjectApplier.Effect;
import io.slotkeeper.kubernetes.ObjectApplier.Result;
import io.slotkeeper.kubernetes.OwnedObjects;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Creates and updates the objects of a Redis in two steps. First what servers need before they
 * start: the NetworkPolicy that keeps others off the cluster bus, their files, their password. Then
 * the rest; but while one of the first is refused or is not ours, no StatefulSet that would start
 * pods is applied. What runs continues.
 */
public final class Provisioning {
  private final ObjectApplier applier;
  private final ExporterObjects exporters;

  public Provisioning(ObjectApplier applier, ExporterObjects exporters) {
    this.applier = applier;
    this.exporters = exporters;
  }

  /**
   * Among the objects that the caches have; of these, removes those of an exporter that is not
   * wanted.
   *
   * @param wanted empty where that is not known
   */
  List<Result> apply(Owner owner, List<HasMetadata> wanted, OwnedObjects owned) {
    List<Result> results = apply(owner, wanted, owned::find, owned.leavingClaims());
    if (!wanted.isEmpty() && wanted.stream().noneMatch(Labels::isOfExporter)) {
      exporters.remove(owner, owned.exporter());
    }
    return results;
  }

  /**
   * @param actual the object as a cache has it, by the wanted one
   * @param leaving shards with a claim that goes with the deleted Redis of this name: a pod that
   *     mounts it would lose what it writes
   */
  List<Result> apply(
      Owner owner,
      List<HasMetadata> wanted,
      Function<HasMetadata, Optional<? extends HasMetadata>> actual,
      Set<Integer> leaving) {
    List<HasMetadata> needed = wanted.stream().filter(Provisioning::isNeededFirst).toList();
    List<Result> first = applier.apply(owner, needed, actual);
    boolean ready = first.stream().allMatch(Result::succeeded);
    List<HasMetadata> withheld =
        wanted.stream()
            .filter(StatefulSet.class::isInstance)
            .map(StatefulSet.class::cast)
            .filter(Provisioning::startsPods)
            .filter(set -> !ready || (waits(owner, set, leaving) && actual.apply(set).isEmpty()))
            .collect(Collectors.toList());
    List<GenericKubernetesResource> monitors =
        wanted.stream()
            .filter(GenericKubernetesResource.class::isInstance)
            .map(GenericKubernetesResource.class::cast)
            .toList();
    List<HasMetadata> rest = new ArrayList<>(wanted);
    rest.removeAll(needed);
    rest.removeAll(withheld);
    rest.removeAll(monitors);
    return Stream.of(
            first,
            withheld.stream().map(set -> withheld(owner, set, leaving)).toList(),
            applier.apply(owner, rest, actual),
            exporters.apply(owner, monitors))
        .flatMap(List::stream)
        .toList();
  }

  /** The objects, but for those that start servers, and for the Secret that these start with. */
  static List<HasMetadata> withoutServers(Owner owner, List<HasMetadata> wanted) {
    String secret = owner.names().serverSecret();
    return wanted.stream()
        .filter(object -> !(object instanceof StatefulSet set && startsPods(set)))
        .filter(
            object -> !(object instanceof Secret && secret.equals(object.getMetadata().getName())))
        .toList();
  }

  private static Result withheld(Owner owner, HasMetadata set, Set<Integer> leaving) {
    return waits(owner, set, leaving)
        ? new Result(set, Effect.LEAVING, "a claim of it is about to be removed")
        : new Result(set, Effect.WITHHELD, "what its pods need is not there");
  }

  private static boolean waits(Owner owner, HasMetadata set, Set<Integer> leaving) {
    return owner.names().shardOf(set.getMetadata().getName()).stream().anyMatch(leaving::contains);
  }

  private static boolean isNeededFirst(HasMetadata object) {
    return !Labels.isOfExporter(object)
        && (object instanceof NetworkPolicy
            || object instanceof ConfigMap
            || object instanceof Secret);
  }

  /** A StatefulSet to be halted only stops its pods. */
  private static boolean startsPods(StatefulSet set) {
    return set.getSpec().getReplicas() > 0;
  }
}
