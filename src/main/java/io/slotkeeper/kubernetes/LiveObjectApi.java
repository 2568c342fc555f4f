package io.slotkeeper.kubernetes;

import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Preconditions;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.api.Redis;
import io.slotkeeper.resources.Owner;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API server, asked directly.
 *
 * <p>Only a plain create (POST) is refused where the name is taken. The fields it sets are managed
 * by operation {@code Update}, though, and a later server-side apply that leaves a field out would
 * not remove it. So the entry in {@code managedFields} is turned into one of operation {@code
 * Apply}, as kubectl does ({@code k8s.io/client-go/util/csaupgrade}): right after the create, or,
 * should that fail, when the object is next applied.
 */
public final class LiveObjectApi implements ObjectApi {
  private static final Logger log = LoggerFactory.getLogger(LiveObjectApi.class);
  private static final String ENTRIES = "/metadata/managedFields/";
  private static final String APPLY = "Apply";
  private static final int TRIES = 5;

  /** The field manager of creates, until their entry is turned into one of an apply. */
  private static final String CREATOR = ObjectApplier.FIELD_MANAGER + "-create";

  private final KubernetesClient client;

  public LiveObjectApi(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public <T extends HasMetadata> Optional<T> get(T named) {
    return Optional.ofNullable(client.resource(named).get());
  }

  @Override
  public HasMetadata create(HasMetadata wanted) {
    String collection = collection(wanted) + "?fieldManager=" + CREATOR;
    // Not by client.resource(): there a create has no field manager.
    HasMetadata created =
        Serialization.unmarshal(client.raw(collection, "POST", wanted), wanted.getClass());
    try {
      return turned(created);
    } catch (KubernetesClientException e) {
      log.debug("managedFields of {}: {}", created.getMetadata().getName(), ApiErrors.message(e));
      return created; // it exists; the next apply takes care of the entry
    }
  }

  @Override
  public HasMetadata apply(HasMetadata wanted) {
    HasMetadata applied = applyOnce(wanted);
    // The leftover entry of a create still holds what this apply leaves out.
    return creation(applied).isPresent() ? applyOnce(identified(wanted, turned(applied))) : applied;
  }

  private HasMetadata applyOnce(HasMetadata wanted) {
    return client
        .resource(wanted)
        .fieldManager(ObjectApplier.FIELD_MANAGER)
        .forceConflicts()
        .serverSideApply();
  }

  /** Where a resource version is a precondition, it becomes the newest one. */
  private static HasMetadata identified(HasMetadata wanted, HasMetadata now) {
    HasMetadata copy = Serialization.clone(wanted);
    if (copy.getMetadata().getResourceVersion() != null) {
      copy.getMetadata().setResourceVersion(now.getMetadata().getResourceVersion());
    }
    return copy;
  }

  /**
   * By a list: no Redis is ever read by its name elsewhere, so the operator has no such permission.
   */
  @Override
  public boolean isStaying(String namespace, Owner redis) {
    return client
        .genericKubernetesResources(HasMetadata.getApiVersion(Redis.class), "Redis")
        .inNamespace(namespace)
        .withField("metadata.name", redis.redis())
        .list()
        .getItems()
        .stream()
        .map(HasMetadata::getMetadata)
        .anyMatch(
            found -> redis.uid().equals(found.getUid()) && found.getDeletionTimestamp() == null);
  }

  @Override
  public HasMetadata patch(HasMetadata named, String merge) {
    return client.resource(named).patch(context(PatchType.JSON_MERGE), merge);
  }

  @Override
  public void delete(HasMetadata object) {
    String path =
        collection(object) + "/" + object.getMetadata().getName() + "?propagationPolicy=Background";
    DeleteOptions options = new DeleteOptions();
    options.setApiVersion("v1");
    options.setKind("DeleteOptions");
    options.setPreconditions(new Preconditions(null, object.getMetadata().getUid()));
    try {
      client.raw(path, "DELETE", options);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND
          && e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }

  @Override
  public boolean isServed(String apiVersion, String kind) {
    APIResourceList resources = client.getApiResources(apiVersion);
    return resources != null
        && resources.getResources().stream().anyMatch(one -> kind.equals(one.getKind()));
  }

  private static String collection(HasMetadata object) {
    return "/%s/%s/namespaces/%s/%s"
        .formatted(
            object.getApiVersion().contains("/") ? "apis" : "api",
            object.getApiVersion(),
            object.getMetadata().getNamespace(),
            // Of a kind without a class, the client knows no plural.
            object instanceof GenericKubernetesResource
                ? object.getKind().toLowerCase(Locale.ROOT) + "s"
                : object.getPlural());
  }

  /**
   * The entry that a create has left becomes that of an apply; all else stays as it is. A
   * controller that writes the object meanwhile may change the order of the entries: then it is
   * read again.
   */
  private HasMetadata turned(HasMetadata object) {
    HasMetadata now = object;
    for (int tries = 0; tries < TRIES; tries++) {
      Optional<Integer> creation = creation(now);
      if (creation.isEmpty()) {
        return now;
      }
      try {
        String patch = Serialization.asJson(turn(now, creation.get()));
        return client.resource(now).patch(context(PatchType.JSON), patch);
      } catch (KubernetesClientException e) {
        HasMetadata found = client.resource(now).get();
        if (ApiErrors.isUnanswered(e) || found == null) {
          throw e;
        }
        now = found;
      }
    }
    throw new KubernetesClientException(
        "it changes all the time", HttpURLConnection.HTTP_CONFLICT, null);
  }

  private static List<Map<String, String>> turn(HasMetadata object, int creation) {
    List<Map<String, String>> patch = new ArrayList<>();
    String entry = ENTRIES + creation;
    patch.add(operation("test", entry + "/manager", CREATOR));
    patch.add(operation("replace", entry + "/manager", ObjectApplier.FIELD_MANAGER));
    patch.add(operation("replace", entry + "/operation", APPLY));
    // Of two entries of one manager the API server might keep either.
    List<ManagedFieldsEntry> entries = object.getMetadata().getManagedFields();
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (ObjectApplier.FIELD_MANAGER.equals(entries.get(i).getManager())
          && APPLY.equals(entries.get(i).getOperation())) {
        patch.add(operation("test", ENTRIES + i + "/manager", ObjectApplier.FIELD_MANAGER));
        patch.add(operation("test", ENTRIES + i + "/operation", APPLY));
        patch.add(Map.of("op", "remove", "path", ENTRIES + i));
      }
    }
    return patch;
  }

  /** The position in {@code managedFields} of the entry of a create. */
  private static Optional<Integer> creation(HasMetadata object) {
    List<ManagedFieldsEntry> entries = object.getMetadata().getManagedFields();
    return IntStream.range(0, entries.size())
        .boxed()
        .filter(i -> CREATOR.equals(entries.get(i).getManager()))
        .findFirst();
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
