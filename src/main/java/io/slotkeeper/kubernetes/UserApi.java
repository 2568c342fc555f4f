package io.slotkeeper.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.api.RedisUser;
import io.slotkeeper.api.RedisUserStatus;
import io.slotkeeper.resources.ServedUsers;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Optional;

/** What RedisUsers need of the API server: always asked directly, never a cache. */
public final class UserApi {
  private static final PatchContext JSON =
      new PatchContext.Builder().withPatchType(PatchType.JSON).build();

  private final KubernetesClient client;
  private final ObjectApi objects;

  public UserApi(KubernetesClient client, ObjectApi objects) {
    this.client = client;
    this.objects = objects;
  }

  /** The Secret of this name. */
  public Optional<Secret> secret(String namespace, String name) {
    return objects.get(
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withName(name)
            .endMetadata()
            .build());
  }

  /**
   * Creates a Secret, or makes the one that was seen as wanted.
   *
   * @param seen null for none
   * @return whether it is as wanted now; otherwise it has changed meanwhile
   */
  public boolean provide(Secret wanted, Optional<Secret> seen) {
    try {
      if (seen.isEmpty()) {
        objects.create(wanted);
      } else {
        Secret copy = Serialization.clone(wanted);
        copy.getMetadata().setUid(seen.get().getMetadata().getUid());
        copy.getMetadata().setResourceVersion(seen.get().getMetadata().getResourceVersion());
        objects.apply(copy);
      }
      return true;
    } catch (KubernetesClientException e) {
      return changedMeanwhile(e);
    }
  }

  /**
   * Writes the users into the Secret of the servers, beside what else it has.
   *
   * @param seen the Secret as it was read: another one, or a later state of it, is left alone
   * @return whether it was written
   */
  public boolean writeUsers(Secret seen, ServedUsers users) {
    try {
      objects.patch(
          seen,
          // Not with the client's mapper: a null removes a key, and it leaves nulls out.
          JsonNodeFactory.instance
              .objectNode()
              .setAll(
                  Map.of(
                      "metadata",
                      JsonNodeFactory.instance
                          .objectNode()
                          .put("uid", seen.getMetadata().getUid())
                          .put("resourceVersion", seen.getMetadata().getResourceVersion()),
                      "data",
                      data(users)))
              .toString());
      return true;
    } catch (KubernetesClientException e) {
      return changedMeanwhile(e);
    }
  }

  private static JsonNode data(ServedUsers users) {
    var data = JsonNodeFactory.instance.objectNode();
    users.data().forEach(data::put);
    return data;
  }

  /** As a whole. What is gone by now, or another one of that name, needs none. */
  public void writeStatus(RedisUser user, RedisUserStatus status) {
    RedisUser target = new RedisUser();
    target.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(user.getMetadata().getNamespace())
            .withName(user.getMetadata().getName())
            .build());
    JsonNode value = client.getKubernetesSerialization().convertValue(status, JsonNode.class);
    String patch =
        StatusPatch.between(
            user.getMetadata().getUid(), JsonNodeFactory.instance.objectNode(), value);
    try {
      client.resource(target).subresource("status").patch(JSON, patch);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }

  private static boolean changedMeanwhile(KubernetesClientException e) {
    if (e.getCode() == HttpURLConnection.HTTP_CONFLICT
        || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
      return false;
    }
    throw e;
  }

  /** In words for people. */
  public static String owner(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
        .findFirst()
        .map(owner -> owner.getKind() + " " + owner.getName() + " owns it")
        .orElse("nothing owns it");
  }
}
