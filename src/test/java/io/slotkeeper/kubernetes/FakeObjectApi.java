package io.slotkeeper.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.resources.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps objects as the API server does: names are unique, uids and versions are preconditions. */
public final class FakeObjectApi implements ObjectApi {
  private final Map<String, HasMetadata> stored = new ConcurrentHashMap<>();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();

  /** What it was asked for, such as {@code create Service x}. */
  public final List<String> calls = new CopyOnWriteArrayList<>();

  /** Every Redis is being deleted. */
  public boolean leaving;

  /** It has kinds that come with something else. */
  public boolean served;

  private int version = 100;

  /** An object that is there already. */
  public <T extends HasMetadata> T add(T object) {
    T copy = Serialization.clone(object);
    if (copy.getMetadata().getUid() == null) {
      copy.getMetadata().setUid("uid-" + version);
    }
    copy.getMetadata().setResourceVersion(String.valueOf(version++));
    stored.put(key(copy), copy);
    return Serialization.clone(copy);
  }

  public void remove(HasMetadata object) {
    stored.remove(key(object));
  }

  /** From now on a quota, or a webhook, takes no write of it. */
  public void refuse(String kind) {
    refused.add(kind);
  }

  public void accept(String kind) {
    refused.remove(kind);
  }

  @Override
  @SuppressWarnings("unchecked") // of the same kind, as its key says
  public <T extends HasMetadata> Optional<T> get(T named) {
    calls.add("get " + key(named));
    return Optional.ofNullable((T) stored.get(key(named))).map(Serialization::clone);
  }

  @Override
  public boolean isStaying(String namespace, Owner redis) {
    return !leaving;
  }

  @Override
  public HasMetadata create(HasMetadata wanted) {
    calls.add("create " + key(wanted));
    if (stored.containsKey(key(wanted))) {
      throw refusal(409, "AlreadyExists", key(wanted) + " already exists");
    }
    return write(wanted);
  }

  @Override
  public HasMetadata apply(HasMetadata wanted) {
    calls.add("apply " + key(wanted));
    checkPreconditions(wanted.getMetadata());
    HasMetadata before = java.util.Objects.requireNonNull(stored.get(key(wanted)));
    HasMetadata after = Serialization.clone(wanted);
    List<OwnerReference> owners = new ArrayList<>(before.getMetadata().getOwnerReferences());
    wanted.getMetadata().getOwnerReferences().stream()
        .filter(owner -> owners.stream().noneMatch(o -> o.getUid().equals(owner.getUid())))
        .forEach(owners::add);
    if (owners.stream().filter(owner -> Boolean.TRUE.equals(owner.getController())).count() > 1) {
      throw refusal(422, "Invalid", "Only one reference can have Controller set to true");
    }
    after.getMetadata().setOwnerReferences(owners);
    return write(after);
  }

  @Override
  public void delete(HasMetadata object) {
    calls.add("delete " + key(object));
    HasMetadata there = stored.get(key(object));
    if (there != null && there.getMetadata().getUid().equals(object.getMetadata().getUid())) {
      stored.remove(key(object));
    }
  }

  @Override
  public boolean isServed(String apiVersion, String kind) {
    calls.add("discover " + kind);
    return served;
  }

  @Override
  public HasMetadata patch(HasMetadata named, String merge) {
    calls.add("patch " + key(named));
    HasMetadata before = stored.get(key(named));
    if (before == null) {
      throw refusal(404, "NotFound", "not found");
    }
    JsonNode meta = Serialization.unmarshal(merge, JsonNode.class).get("metadata");
    ObjectMeta conditions = new ObjectMeta();
    conditions.setUid(meta.get("uid").asText());
    conditions.setResourceVersion(meta.get("resourceVersion").asText());
    conditions.setName(named.getMetadata().getName());
    check(before, conditions);
    HasMetadata after = Serialization.clone(before);
    List<OwnerReference> owners = new ArrayList<>();
    meta.get("ownerReferences")
        .forEach(
            owner -> owners.add(Serialization.unmarshal(owner.toString(), OwnerReference.class)));
    after.getMetadata().setOwnerReferences(owners);
    return write(after);
  }

  private void checkPreconditions(ObjectMeta wanted) {
    HasMetadata before =
        stored.values().stream()
            .filter(object -> object.getMetadata().getUid().equals(wanted.getUid()))
            .findFirst()
            .orElseThrow(() -> refusal(409, "Conflict", "uid mismatch"));
    check(before, wanted);
  }

  private static void check(HasMetadata before, ObjectMeta wanted) {
    if (!before.getMetadata().getUid().equals(wanted.getUid())
        || (wanted.getResourceVersion() != null
            && !wanted.getResourceVersion().equals(before.getMetadata().getResourceVersion()))) {
      throw refusal(409, "Conflict", "the object has been modified");
    }
  }

  private HasMetadata write(HasMetadata object) {
    if (refused.contains(object.getKind())) {
      throw refusal(403, "Forbidden", "exceeded quota");
    }
    return add(object);
  }

  private static KubernetesClientException refusal(int code, String reason, String message) {
    return new KubernetesClientException(
        new StatusBuilder().withCode(code).withReason(reason).withMessage(message).build());
  }

  private static String key(HasMetadata object) {
    return object.getKind() + " " + object.getMetadata().getName();
  }
}
