package io.slotkeeper.act;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API server, asked directly.
 *
 * <p>Only a plain create (POST) is refused where the name is taken. What it sets is managed by
 * operation {@code Update}, though, and a later server-side apply that leaves a field out would not
 * remove it. So the entry in {@code managedFields} is turned into one of operation {@code Apply},
 * as kubectl does ({@code k8s.io/client-go/util/csaupgrade}).
 */
public final class LiveObjects implements Objects {
  private static final Logger log = LoggerFactory.getLogger(LiveObjects.class);
  private static final String ENTRIES = "/metadata/managedFields/";

  /** The field manager of creates, until their entry is turned into one of an apply. */
  private static final String CREATOR = ObjectApplier.FIELD_MANAGER + "-create";

  private final KubernetesClient client;

  public LiveObjects(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public <T extends HasMetadata> Optional<T> get(T named) {
    return Optional.ofNullable(client.resource(named).get());
  }

  @Override
  public HasMetadata create(HasMetadata wanted) {
    String collection =
        "/%s/%s/namespaces/%s/%s?fieldManager=%s"
            .formatted(
                wanted.getApiVersion().contains("/") ? "apis" : "api",
                wanted.getApiVersion(),
                wanted.getMetadata().getNamespace(),
                wanted.getPlural(),
                CREATOR);
    // Not by client.resource(): there a create has no field manager.
    HasMetadata created =
        Serialization.unmarshal(client.raw(collection, "POST", wanted), wanted.getClass());
    return change(
        created,
        entry ->
            List.of(
                operation("replace", entry + "/manager", ObjectApplier.FIELD_MANAGER),
                operation("replace", entry + "/operation", "Apply")));
  }

  @Override
  public HasMetadata apply(HasMetadata wanted) {
    HasMetadata applied =
        client
            .resource(wanted)
            .fieldManager(ObjectApplier.FIELD_MANAGER)
            .forceConflicts()
            .serverSideApply();
    // All that is wanted belongs to the apply by now: what is left of a create is in its way.
    return change(applied, entry -> List.of(Map.of("op", "remove", "path", entry)));
  }

  @Override
  public HasMetadata patch(HasMetadata named, String merge) {
    return client.resource(named).patch(context(PatchType.JSON_MERGE), merge);
  }

  /** Changes the entry that a create has left; all else of the object stays as it is. */
  private HasMetadata change(
      HasMetadata object, Function<String, List<Map<String, String>>> operations) {
    List<ManagedFieldsEntry> entries = object.getMetadata().getManagedFields();
    for (int i = 0; i < entries.size(); i++) {
      if (CREATOR.equals(entries.get(i).getManager())) {
        String entry = ENTRIES + i;
        List<Map<String, String>> patch = new ArrayList<>();
        patch.add(operation("test", entry + "/manager", CREATOR));
        patch.addAll(operations.apply(entry));
        return patched(object, Serialization.asJson(patch));
      }
    }
    return object;
  }

  private HasMetadata patched(HasMetadata object, String patch) {
    try {
      return client.resource(object).patch(context(PatchType.JSON), patch);
    } catch (KubernetesClientException e) {
      // The order of the entries has changed, or the object is gone: the next apply tries again.
      log.debug(
          "managedFields of {} not changed: {}", object.getMetadata().getName(), e.getMessage());
      return object;
    }
  }

  private static Map<String, String> operation(String operation, String path, String value) {
    return Map.of("op", operation, "path", path, "value", value);
  }

  private static PatchContext context(PatchType type) {
    return new PatchContext.Builder()
        .withPatchType(type)
        .withFieldManager(ObjectApplier.FIELD_MANAGER)
        .build();
  }
}
